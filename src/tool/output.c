#include "tool/output.h"

#include <stdarg.h>

enum { LONGEST_TEXT = 4096 };

/* A standard handle, and whether it is a console, which is asked once. */
struct stream {
  DWORD handle;
  enum { UNKNOWN, CONSOLE, FILE_OR_PIPE } kind;
};

static BOOL is_console(struct stream *stream)
{
  DWORD mode;

  if (stream->kind == UNKNOWN)
    stream->kind = GetConsoleMode(GetStdHandle(stream->handle), &mode) ? CONSOLE : FILE_OR_PIPE;
  return stream->kind == CONSOLE;
}

static void write_text(struct stream *stream, FILE *file, const char *text)
{
  WCHAR wide[LONGEST_TEXT];
  DWORD written;

  if (!is_console(stream) || !utf8_to_wide(text, wide, LONGEST_TEXT) ||
      !WriteConsoleW(GetStdHandle(stream->handle), wide, (DWORD)wcslen(wide), &written, NULL))
    fputs(text, file);
}

void print(const char *format, ...)
{
  static struct stream stream = {STD_OUTPUT_HANDLE, UNKNOWN};
  char text[LONGEST_TEXT];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  write_text(&stream, stdout, text);
}

void complain(const char *format, ...)
{
  static struct stream stream = {STD_ERROR_HANDLE, UNKNOWN};
  char text[LONGEST_TEXT] = "ws2spi: ";
  const size_t prefix = strlen(text);
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text + prefix, sizeof text - prefix - 1, format, arguments);
  va_end(arguments);
  strcat(text, "\n");
  fflush(stdout);
  write_text(&stream, stderr, text);
}
