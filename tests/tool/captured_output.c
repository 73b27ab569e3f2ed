#include "captured_output.h"

#include "tool/output.h"

#include <stdarg.h>

/* Beyond this, output is lost, and a comparison with what should be there fails. */
enum { ROOM = 1 << 16 };

static char out[ROOM];
static char err[ROOM];

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

void complain(const char *format, ...)
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

const char *complained(void)
{
  return err;
}

void forget_output(void)
{
  out[0] = '\0';
  err[0] = '\0';
}
