#include "captured_output.h"

#include "tool/output.h"

#include <stdarg.h>

/* Longer output is cut, and then differs from the expected text. */
enum { ROOM = 1 << 16 };

static char out[ROOM];
static char err[ROOM];
static BOOL is_lost;

static void append(char *text, const char *format, va_list arguments)
{
  const size_t length = strlen(text);

  vsnprintf(text + length, ROOM - length, format, arguments);
}

void print(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  append(out, format, arguments);
  va_end(arguments);
}

void print_diagnostic(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  append(err, format, arguments);
  va_end(arguments);
  strncat(err, "\n", ROOM - 1 - strlen(err));
}

const char *printed(void)
{
  return out;
}

const char *printed_diagnostics(void)
{
  return err;
}

void forget_output(void)
{
  out[0] = '\0';
  err[0] = '\0';
}

void lose_all_output(BOOL lose)
{
  is_lost = lose;
}

BOOL output_flush(void)
{
  return !is_lost;
}
