#include "tool/output.h"

#include <stdarg.h>

enum { LONGEST_TEXT = 4096 };

struct stream {
  DWORD handle;
  enum { UNKNOWN, CONSOLE, FILE_OR_PIPE } kind; /* the handle is asked once */
};

static BOOL output_lost;

static BOOL output_is_console(struct stream *stream)
{
  DWORD mode;

  if (stream->kind == UNKNOWN)
    stream->kind = GetConsoleMode(GetStdHandle(stream->handle), &mode) ? CONSOLE : FILE_OR_PIPE;
  return stream->kind == CONSOLE;
}

static BOOL output_write(struct stream *stream, FILE *file, const char *text)
{
  WCHAR wide[LONGEST_TEXT];
  DWORD written;

  if (output_is_console(stream) && utf8_to_wide(text, wide, LONGEST_TEXT) &&
      WriteConsoleW(GetStdHandle(stream->handle), wide, (DWORD)wcslen(wide), &written, NULL))
    return TRUE;
  return fputs(text, file) >= 0;
}

void print(const char *format, ...)
{
  static struct stream stream = {STD_OUTPUT_HANDLE, UNKNOWN};
  char text[LONGEST_TEXT];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (!output_write(&stream, stdout, text))
    output_lost = TRUE;
}

void print_diagnostic(const char *format, ...)
{
  static struct stream stream = {STD_ERROR_HANDLE, UNKNOWN};
  char text[LONGEST_TEXT] = "ws2spi: ";
  const size_t prefix = strlen(text);
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text + prefix, sizeof text - prefix - 1, format, arguments);
  va_end(arguments);
  strcat(text, "\n");
  output_flush();
  output_write(&stream, stderr, text);
}

BOOL output_flush(void)
{
  if (fflush(stdout) != 0)
    output_lost = TRUE;
  return !output_lost;
}
