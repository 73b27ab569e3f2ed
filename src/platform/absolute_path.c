#include "platform/absolute_path.h"

bool path_is_separator(wchar_t character)
{
  return character == L'\\' || character == L'/';
}

bool path_is_absolute(const wchar_t *path)
{
  if (path_is_separator(path[0]))
    return path_is_separator(path[1]);
  return path[0] != 0 && path[1] == L':' && path_is_separator(path[2]);
}
