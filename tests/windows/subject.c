/* The program in the kits of windows_runner.cmake. Its first argument selects what it does. */
#include <windows.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define LEFT_BEHIND L"ws2spi_runner_subject_left_behind"

static int subject_fail(void)
{
  puts("this one fails");
  return 3;
}

/* Not NULL, because the builds that trap on undefined behaviour would raise another exception. */
static int subject_crash(void)
{
  int *volatile const nowhere = (int *)16;

  return *nowhere;
}

static int subject_hang(void)
{
  puts("before it hangs");
  fflush(stdout);
  Sleep(INFINITE);
  return 0;
}

static int subject_print_without_end(void)
{
  while (puts("and so on, and so on, and so on, and so on, and so on, and so on") >= 0)
    ;
  return 0;
}

/* One line with characters that XML escapes, one with characters that XML forbids and allows, and one
 * with invalid UTF-8. */
static int subject_print_special_text(void)
{
  puts("<tag a=\"1\"> & ]]> 'text'");
  puts("\x01\x1b[31m\x7f \xC3\xA9 \xE5\xB1\xA4 \xF0\x9F\x98\x80");
  puts("\xFF \xC0\x80 \xED\xA0\x80 \xEF\xBF\xBF \xE5\xB1");
  return 1;
}

static int subject_skip_some(void)
{
  puts("[  SKIPPED ] 2 test(s), listed below:");
  return 0;
}

/* Prints its environment and succeeds if it has the right arguments. */
static int subject_look_around(int argc, char **argv)
{
  WCHAR folder[MAX_PATH], own[MAX_PATH];
  const char *store = getenv("WS2SPI_CATALOG"), *colour = getenv("SUBJECT_COLOUR");
  BOOL in_job = FALSE;

  GetCurrentDirectoryW(MAX_PATH, folder);
  GetModuleFileNameW(NULL, own, MAX_PATH);
  *wcsrchr(own, L'\\') = 0;
  IsProcessInJob(GetCurrentProcess(), NULL, &in_job);
  printf("store %s, colour %s, log %s, %d arguments, job %d, at home %d, input ends %d\n",
         store != NULL ? store : "none", colour != NULL ? colour : "none",
         getenv("WS2SPI_LOG") != NULL ? "set" : "none", argc - 2, in_job,
         _wcsicmp(folder, own) == 0, getchar() == EOF);
  return argc == 4 && strcmp(argv[2], "one") == 0 && strcmp(argv[3], "two") == 0 ? 0 : 1;
}

/* --- processes left behind -------------------------------------------------------------------------- */

static int subject_stay(void)
{
  SetEvent(OpenEventW(EVENT_MODIFY_STATE, FALSE, LEFT_BEHIND));
  return subject_hang();
}

/* Ends when the child runs, and leaves it running. */
static int subject_leave_child(void)
{
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION process;
  WCHAR own[MAX_PATH], command[MAX_PATH + 16];
  const HANDLE there = CreateEventW(NULL, TRUE, FALSE, LEFT_BEHIND);

  GetModuleFileNameW(NULL, own, MAX_PATH);
  swprintf(command, MAX_PATH + 16, L"\"%ls\" stay", own);
  if (!CreateProcessW(NULL, command, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &startup,
                      &process))
    return 1;
  printf("left process %lu\n", process.dwProcessId);
  return WaitForSingleObject(there, 30000) == WAIT_OBJECT_0 ? 0 : 1;
}

/* The event exists as long as the child runs. */
static int subject_find_no_child(void)
{
  return OpenEventW(SYNCHRONIZE, FALSE, LEFT_BEHIND) != NULL;
}

/* -------------------------------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
  const struct {
    const char *name;
    int (*act)(void);
  } acts[] = {
      {"fail", subject_fail},
      {"crash", subject_crash},
      {"hang", subject_hang},
      {"talk", subject_print_without_end},
      {"print", subject_print_special_text},
      {"skip", subject_skip_some},
      {"stay", subject_stay},
      {"leave", subject_leave_child},
      {"alone", subject_find_no_child},
  };

  if (argc < 2)
    return 0;
  for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
    if (strcmp(argv[1], acts[i].name) == 0)
      return acts[i].act();
  return subject_look_around(argc, argv);
}
