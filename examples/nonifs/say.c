#include "layer.h"

#include <stdarg.h>
#include <stdio.h>

void say(const char *format, ...)
{
  va_list arguments;

  if (GetEnvironmentVariableW(L"EXAMPLE_QUIET", NULL, 0) != 0)
    return;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
}
