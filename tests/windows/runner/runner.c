/* Runs the test programs of the kit with the memory catalog. Each has a time limit and runs in a job
 * object. The runner writes results\summary.txt, results\junit.xml and the output of each program. Its
 * exit code is 0 if all tests passed, 1 if one failed, 2 if it could not run them. */
#include "junit.h"
#include "manifest.h"
#include "options.h"
#include "result.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { RUNNER_ALL_PASSED, RUNNER_SOME_FAILED, RUNNER_CANNOT_RUN };

static WCHAR runner_results[MAX_PATH];

/* --- paths ------------------------------------------------------------------------------------- */

static bool runner_path(WCHAR path[MAX_PATH], const WCHAR *folder, const WCHAR *name)
{
  if (swprintf(path, MAX_PATH, L"%ls\\%ls", folder, name) > 0)
    return true;
  fprintf(stderr, "runner: the path of this folder is too long\n");
  return false;
}

static void runner_output_of(const struct kit_test *test, WCHAR path[MAX_PATH])
{
  swprintf(path, MAX_PATH, L"%ls\\%hs.txt", runner_results, test->name);
}

/* The folder of the runner. */
static bool runner_home(WCHAR home[MAX_PATH])
{
  const DWORD length = GetModuleFileNameW(NULL, home, MAX_PATH);

  if (length == 0 || length == MAX_PATH) {
    fprintf(stderr, "runner: the path of this folder is too long\n");
    return false;
  }
  *wcsrchr(home, L'\\') = 0;
  return true;
}

static FILE *runner_open_summary(const WCHAR *home, const WCHAR *results)
{
  WCHAR path[MAX_PATH];
  FILE *file;

  if (results == NULL && !runner_path(runner_results, home, L"results"))
    return NULL;
  if (results != NULL && GetFullPathNameW(results, MAX_PATH, runner_results, NULL) == 0)
    return NULL;
  CreateDirectoryW(runner_results, NULL);
  if (!runner_path(path, runner_results, L"summary.txt"))
    return NULL;
  file = _wfopen(path, L"w");
  if (file == NULL)
    fprintf(stderr, "runner: %ls cannot be written; unpack the kit where you may write\n", path);
  return file;
}

/* --- summary ------------------------------------------------------------------------------------ */

static void runner_say_system(const struct kit *kit, FILE *file)
{
  const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
  LONG(WINAPI *const version)(OSVERSIONINFOW *) = (void *)GetProcAddress(ntdll, "RtlGetVersion");
  const char *(CDECL *const wine)(void) = (void *)GetProcAddress(ntdll, "wine_get_version");
  OSVERSIONINFOW windows = {.dwOSVersionInfoSize = sizeof windows};

  version(&windows);
  fprintf(file, "ws2spi %s, Windows %lu.%lu.%lu", kit->title, windows.dwMajorVersion,
          windows.dwMinorVersion, windows.dwBuildNumber);
  if (wine != NULL)
    fprintf(file, " (Wine %s)", wine());
  fputc('\n', file);
}

static int runner_close(const struct result *results, size_t count, FILE *summary)
{
  size_t of_verdict[] = {[PASSED] = 0, [FAILED] = 0, [SKIPPED] = 0};
  FILE *const files[] = {stdout, summary};

  for (size_t i = 0; i < count; i++)
    of_verdict[results[i].verdict]++;
  for (int i = 0; i < 2; i++)
    fprintf(files[i], "%zu passed, %zu failed, %zu skipped\n", of_verdict[PASSED],
            of_verdict[FAILED], of_verdict[SKIPPED]);
  return of_verdict[FAILED] == 0 ? RUNNER_ALL_PASSED : RUNNER_SOME_FAILED;
}

/* --- running ------------------------------------------------------------------------------------ */

/* Overrides the user's own settings. */
static void runner_set_environment(void)
{
  SetEnvironmentVariableW(L"WS2SPI_CATALOG", L"memory");
  SetEnvironmentVariableW(L"WS2SPI_LOG", NULL);
}

static struct result runner_run(const struct kit_test *test, const WCHAR *bin)
{
  WCHAR output[MAX_PATH];

  if (test->left_out != NULL)
    return result_of_left_out(test);
  runner_set_environment();
  runner_output_of(test, output);
  return result_of_run(test, bin, output);
}

static size_t runner_run_all(const struct kit *kit, const struct options *options,
                             const WCHAR *home, struct result *results, FILE *summary)
{
  WCHAR bin[MAX_PATH];
  size_t count = 0;

  if (!runner_path(bin, home, L"bin"))
    return 0;
  runner_say_system(kit, stdout);
  runner_say_system(kit, summary);
  for (size_t i = 0; i < kit->count; i++) {
    if (!options_choose(options, kit->tests[i].name))
      continue;
    results[count] = runner_run(&kit->tests[i], bin);
    result_print(&results[count], stdout);
    result_print(&results[count], summary);
    count++;
  }
  if (count == 0)
    fprintf(stderr, "runner: the options select no test\n");
  return count;
}

static int runner_run_kit(const struct kit *kit, const struct options *options, const WCHAR *home,
                          struct result *results)
{
  FILE *const summary = runner_open_summary(home, options->results);
  int verdict = RUNNER_CANNOT_RUN;
  WCHAR junit[MAX_PATH];
  size_t count;

  if (summary == NULL)
    return RUNNER_CANNOT_RUN;
  count = runner_run_all(kit, options, home, results, summary);
  if (count > 0)
    verdict = runner_close(results, count, summary);
  if (fclose(summary) != 0 || !runner_path(junit, runner_results, L"junit.xml") ||
      !junit_write(junit, kit, results, count, runner_output_of)) {
    fprintf(stderr, "runner: the results cannot be written\n");
    verdict = RUNNER_CANNOT_RUN;
  }
  return verdict;
}

int wmain(int argc, WCHAR **argv);
int wmain(int argc, WCHAR **argv)
{
  WCHAR home[MAX_PATH], manifest[MAX_PATH];
  struct options options;
  struct result *results;
  struct kit kit;
  int verdict;

  /* The programs inherit this: neither a crash nor a missing DLL shows a window. */
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
  if (!options_parse(&options, argc, argv) || !runner_home(home) ||
      !runner_path(manifest, home, L"manifest.txt") || !manifest_read(manifest, &kit))
    return RUNNER_CANNOT_RUN;
  results = calloc(kit.count, sizeof *results);
  if (results == NULL) {
    fprintf(stderr, "runner: memory is exhausted\n");
    return RUNNER_CANNOT_RUN;
  }
  verdict = runner_run_kit(&kit, &options, home, results);
  free(results);
  return verdict;
}
