#include "manifest.h"

#include "text_file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool manifest_is_wrong(size_t line, const char *why)
{
  fprintf(stderr, "runner: manifest.txt, line %zu: %s\n", line, why);
  return false;
}

/* --- lines ------------------------------------------------------------------------------------ */

static const char *manifest_after(const char *line, const char *keyword)
{
  const size_t length = strlen(keyword);

  return strncmp(line, keyword, length) == 0 && line[length] == ' ' ? line + length + 1 : NULL;
}

const char *manifest_value(const struct kit_test *test, const char *keyword, size_t n)
{
  for (size_t i = 0; i < test->line_count; i++) {
    const char *value = manifest_after(test->lines[i], keyword);

    if (value != NULL && n-- == 0)
      return value;
  }
  return NULL;
}

/* Ends each line with a NUL and counts them. */
static char **manifest_split(char *text, size_t *count)
{
  size_t room = 1;
  char **lines;

  for (const char *c = text; *c != 0; c++)
    room += *c == '\n';
  lines = calloc(room, sizeof *lines);
  *count = 0;
  for (char *line = text; lines != NULL && *line != 0; (*count)++) {
    char *end = line + strcspn(line, "\n");
    char *next = *end != 0 ? end + 1 : end;

    *end = 0;
    line[strcspn(line, "\r")] = 0;
    lines[*count] = line;
    line = next;
  }
  return lines;
}

/* --- tests ------------------------------------------------------------------------------------ */

static bool manifest_is_limit(const char *value)
{
  char *end;
  const unsigned long seconds = value != NULL ? strtoul(value, &end, 10) : 0;

  return seconds > 0 && seconds <= 24 * 60 * 60 && *end == 0;
}

static bool manifest_check(const struct kit_test *test, size_t line)
{
  const char *run = manifest_value(test, "run", 0);

  if (test->left_out != NULL)
    return test->line_count == 0 || manifest_is_wrong(line, "no other line may follow 'left-out'");
  if (run == NULL || *run == 0 || *run == ' ' || manifest_value(test, "run", 1) != NULL)
    return manifest_is_wrong(line, "a test must have one line 'run PROGRAM'");
  if (!manifest_is_limit(manifest_value(test, "limit", 0)) ||
      manifest_value(test, "limit", 1) != NULL)
    return manifest_is_wrong(line, "a test must have one line 'limit SECONDS', at most a day");
  for (size_t i = 0; manifest_value(test, "set", i) != NULL; i++)
    if (strchr(manifest_value(test, "set", i), '=') == NULL)
      return manifest_is_wrong(line, "a variable must have the form 'set NAME=VALUE'");
  return true;
}

static bool manifest_belongs_to_test(const char *line)
{
  return manifest_after(line, "run") != NULL || manifest_after(line, "limit") != NULL ||
         manifest_after(line, "set") != NULL || manifest_after(line, "needs") != NULL;
}

/* Whether the line is "test" or "left-out". */
static bool manifest_begins_test(struct kit_test *test, char *line)
{
  char *left_out = (char *)(uintptr_t)manifest_after(line, "left-out");

  test->name = manifest_after(line, "test");
  if (left_out != NULL) {
    char *end = left_out + strcspn(left_out, " ");

    test->left_out = *end == ' ' ? end + 1 : "no reason is given";
    *end = 0;
    test->name = left_out;
  }
  return test->name != NULL && *test->name != 0;
}

static bool manifest_parse(struct kit *kit, char **lines, size_t count)
{
  size_t begins = 0; /* number of the last test's first line */

  kit->title = count > 0 ? manifest_after(lines[0], "kit") : NULL;
  if (kit->title == NULL)
    return manifest_is_wrong(1, "the first line must be 'kit VERSION ARCHITECTURE'");
  for (size_t i = 1; i < count; i++) {
    struct kit_test *test = &kit->tests[kit->count];

    if (manifest_belongs_to_test(lines[i]) && kit->count > 0)
      test[-1].line_count++;
    else if (!manifest_begins_test(test, lines[i]))
      return manifest_is_wrong(i + 1, "unknown line");
    else if (kit->count > 0 && !manifest_check(test - 1, begins))
      return false;
    else {
      test->lines = &lines[i + 1];
      kit->count++;
      begins = i + 1;
    }
  }
  if (kit->count == 0)
    return manifest_is_wrong(count, "there are no tests");
  return manifest_check(&kit->tests[kit->count - 1], begins);
}

bool manifest_read(const WCHAR *path, struct kit *kit)
{
  size_t size, count;
  char *text = text_file_read(path, SIZE_MAX, &size);
  char **lines;

  if (text == NULL) {
    fprintf(stderr, "runner: %ls cannot be read; is the whole kit unpacked?\n", path);
    return false;
  }
  lines = manifest_split(text, &count);
  memset(kit, 0, sizeof *kit);
  kit->tests = calloc(count + 1, sizeof *kit->tests);
  if (lines == NULL || kit->tests == NULL) {
    fprintf(stderr, "runner: memory is exhausted\n");
    return false;
  }
  return manifest_parse(kit, lines, count);
}
