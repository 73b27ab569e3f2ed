#include "support/cmocka_headers.h"

#include "tool_run.h"

#include "tool/cli.h"
#include "tool/utf8.h"

#include <stdio.h>

enum { MOST_ARGUMENTS = 32 };

#ifdef _WIN64
const char *const native_option = "--64";
const char *const other_option = "--32";
#else
const char *const native_option = "--32";
const char *const other_option = "--64";
#endif

enum exit_code tool(const char *first, ...)
{
  char *argv[MOST_ARGUMENTS + 2];
  enum exit_code code;
  int argc = 0;
  va_list rest;

  argv[argc++] = _strdup("ws2spi");
  va_start(rest, first);
  for (const char *word = first; word != NULL && argc <= MOST_ARGUMENTS;
       word = va_arg(rest, const char *))
    argv[argc++] = _strdup(word);
  va_end(rest);
  argv[argc] = NULL;
  forget_output();
  code = cli_run(argc, argv);
  while (argc > 0)
    free(argv[--argc]);
  return code;
}

DWORD installed_id(int line)
{
  const char *text = printed();

  for (; line > 0 && text != NULL; line--) {
    text = strchr(text, '\n');
    if (text != NULL)
      text++;
  }
  return text != NULL ? strtoul(text, NULL, 10) : 0;
}

const char *number(DWORD id)
{
  static char texts[8][12];
  static int next;

  next = (next + 1) % 8;
  snprintf(texts[next], sizeof texts[next], "%lu", id);
  return texts[next];
}

const char *beside_test(const char *name)
{
  static struct utf8_text path;
  WCHAR wide[MAX_PATH];

  GetModuleFileNameW(NULL, wide, MAX_PATH);
  path = utf8_from_wide(wide);
  strcpy(strrchr(path.text, '\\') + 1, name);
  return path.text;
}

struct listing catalog_of(DWORD width)
{
  struct listing listing;

  assert_int_equal(listing_read(&listing, width), EXIT_DONE);
  return listing;
}

int reset_catalogs(void **state)
{
  return tool("catalog", "reset", "--yes", NULL) == EXIT_DONE ? 0 : -1;
}
