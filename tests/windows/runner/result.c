#include "result.h"

#include "job.h"
#include "text_file.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { RESULT_COMMAND = 4096, RESULT_MOST_OUTPUT = 1024 * 1024 };

static void result_remark(struct result *result, enum verdict verdict, const char *format, ...)
{
  va_list arguments;

  result->verdict = verdict;
  va_start(arguments, format);
  vsnprintf(result->remark, sizeof result->remark, format, arguments);
  va_end(arguments);
}

/* --- files and variables ----------------------------------------------------------------------- */

static bool result_has_file(const WCHAR *bin, const char *name)
{
  WCHAR path[MAX_PATH];

  return swprintf(path, MAX_PATH, L"%ls\\%hs", bin, name) > 0 &&
         GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

/* The name of the first missing file, or NULL. */
static const char *result_missing_file(const struct kit_test *test, const WCHAR *bin,
                                       const char *program)
{
  const char *file = program;

  for (size_t i = 0; file != NULL && result_has_file(bin, file); i++)
    file = manifest_value(test, "needs", i);
  return file;
}

/* Sets the test's environment variables, or removes them. */
static void result_set_variables(const struct kit_test *test, bool unset)
{
  const char *set;

  for (size_t i = 0; (set = manifest_value(test, "set", i)) != NULL; i++) {
    const char *value = strchr(set, '=') + 1;
    char name[256];

    snprintf(name, sizeof name, "%.*s", (int)(value - set - 1), set);
    SetEnvironmentVariableA(name, unset ? NULL : value);
  }
}

/* --- verdict ----------------------------------------------------------------------------------- */

/* Reads how many functions called skip(); cmocka prints "[  SKIPPED ] 2 test(s)". */
static unsigned long result_skipped_functions(const WCHAR *output)
{
  static const char says[] = "[  SKIPPED ] ";
  unsigned long count = 0;
  size_t size;
  char *text = text_file_read(output, RESULT_MOST_OUTPUT, &size);

  for (const char *at = text; at != NULL && (at = strstr(at, says)) != NULL;) {
    char *end;
    unsigned long number;

    at += sizeof says - 1;
    number = strtoul(at, &end, 10);
    if (end != at && strncmp(end, " test(s)", 8) == 0)
      count += number;
  }
  free(text);
  return count;
}

static void result_judge_exit(struct result *result, DWORD code, const WCHAR *output)
{
  const unsigned long skipped = result_skipped_functions(output);

  if (code >= 0x10000)
    result_remark(result, FAILED, "it ended with code 0x%08lX", code);
  else if (code != 0)
    result_remark(result, FAILED, "its exit code is %lu", code);
  else if (skipped != 0)
    result_remark(result, PASSED, "%lu of its functions were skipped", skipped);
}

static void result_judge(struct result *result, const struct job_result *job, const char *limit,
                         const WCHAR *output)
{
  result->milliseconds = job->milliseconds;
  switch (job->end) {
  case JOB_EXITED:
    result_judge_exit(result, job->code, output);
    break;
  case JOB_NOT_STARTED:
    result_remark(result, FAILED, "it cannot be started, error %lu", job->code);
    break;
  case JOB_TIME_IS_OVER:
    result_remark(result, FAILED, "it was still running after %s s", limit);
    break;
  case JOB_TOO_MUCH_OUTPUT:
    result_remark(result, FAILED, "it printed more than 64 MB");
    break;
  }
}

/* --- all of it --------------------------------------------------------------------------------- */

static const char *result_program(const char *run, char name[MAX_PATH])
{
  snprintf(name, MAX_PATH, "%.*s", (int)strcspn(run, " "), run);
  return name;
}

struct result result_of_run(const struct kit_test *test, const WCHAR *bin, const WCHAR *output)
{
  struct result result = {.test = test, .verdict = PASSED};
  const char *run = manifest_value(test, "run", 0), *limit = manifest_value(test, "limit", 0);
  char program[MAX_PATH];
  const char *missing = result_missing_file(test, bin, result_program(run, program));
  WCHAR command[RESULT_COMMAND];
  struct job_result job;

  if (missing != NULL) {
    result_remark(&result, FAILED, "%s is not in the kit", missing);
    return result;
  }
  if (swprintf(command, RESULT_COMMAND, L"\"%ls\\%hs\"%hs", bin, program, run + strlen(program)) <
      0) {
    result_remark(&result, FAILED, "its command line is too long");
    return result;
  }
  result_set_variables(test, false);
  job = job_run(bin, command, output, strtoul(limit, NULL, 10));
  result_set_variables(test, true);
  result_judge(&result, &job, limit, output);
  return result;
}

struct result result_of_left_out(const struct kit_test *test)
{
  struct result result = {.test = test};

  result_remark(&result, SKIPPED, "%s", test->left_out);
  return result;
}

void result_print(const struct result *result, FILE *file)
{
  static const char *const words[] = {
      [PASSED] = "passed", [FAILED] = "failed", [SKIPPED] = "skipped"};

  fprintf(file, "%-7s %s", words[result->verdict], result->test->name);
  if (result->verdict != SKIPPED)
    fprintf(file, " (%.1f s)", (double)result->milliseconds / 1000);
  fprintf(file, "%s%s\n", result->remark[0] != 0 ? ": " : "", result->remark);
  fflush(file);
}
