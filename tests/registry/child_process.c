#include "child_process.h"

#include "registry_fixture.h"
#include "cmocka_and_store.h"

#include <stdio.h>

enum { PARENT_ID = 1, ROLE, FIRST_NUMBER, COMMAND_CHARS = 1024, TIMEOUT_MS = 300000 };

static HANDLE start(const char *program, const char *role, const long *numbers, int count)
{
  char command[COMMAND_CHARS];
  STARTUPINFOA startup = {.cb = sizeof startup};
  PROCESS_INFORMATION process;
  int length;

  length = sprintf(command, "\"%s\" %lu %s", program, GetCurrentProcessId(), role);
  for (int i = 0; i < count; i++)
    length += sprintf(command + length, " %ld", numbers[i]);
  if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &startup,
                      &process)) {
    print_error("%s could not be started: error %lu\n", command, GetLastError());
    return NULL;
  }
  CloseHandle(process.hThread);
  return process.hProcess;
}

HANDLE child_start(const char *role, const long *numbers, int count)
{
  char own[MAX_PATH];

  GetModuleFileNameA(NULL, own, MAX_PATH);
  return start(own, role, numbers, count);
}

/* The path of the program with the same name in the build of the other word size. The kit of
 * tests/windows has none, since it has the programs of one word size. */
static const char *other_program(char *path)
{
  char own[MAX_PATH];
  char *name;

  GetModuleFileNameA(NULL, own, MAX_PATH);
  name = strrchr(own, '\\');
  *name = 0;
  snprintf(path, MAX_PATH, "%s\\..\\..\\%s\\bin\\%s", own, OTHER_PRESET, name + 1);
  return path;
}

BOOL other_word_size_is_built(void)
{
  char path[MAX_PATH];

  return GetFileAttributesA(other_program(path)) != INVALID_FILE_ATTRIBUTES;
}

HANDLE child_start_other(const char *role, const long *numbers, int count)
{
  char path[MAX_PATH];

  return other_word_size_is_built() ? start(other_program(path), role, numbers, count)
                                    : child_start(role, numbers, count);
}

DWORD child_end(HANDLE child)
{
  DWORD code = 0;

  assert_non_null(child);
  assert_int_equal(WaitForSingleObject(child, TIMEOUT_MS), WAIT_OBJECT_0);
  assert_true(GetExitCodeProcess(child, &code));
  CloseHandle(child);
  return code;
}

BOOL child_is_here(int argc, char **argv)
{
  if (argc <= ROLE)
    return FALSE;
  root_join(argv[PARENT_ID]);
  return TRUE;
}

const char *child_role(char **argv)
{
  return argv[ROLE];
}

long child_number(char **argv, int place)
{
  return argv[FIRST_NUMBER + place] != NULL ? strtol(argv[FIRST_NUMBER + place], NULL, 10) : 0;
}
