#include "support/cmocka_headers.h"

#include "support/exit_code.h"

enum { LONG_ENOUGH = 30000 };

DWORD exit_code_of_program(const WCHAR *program, WCHAR *command)
{
  STARTUPINFOW startup = {.cb = sizeof startup};
  PROCESS_INFORMATION process;
  DWORD code = STILL_ACTIVE;

  assert_true(
      CreateProcessW(program, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
  assert_int_equal(WaitForSingleObject(process.hProcess, LONG_ENOUGH), WAIT_OBJECT_0);
  assert_true(GetExitCodeProcess(process.hProcess, &code));
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
  return code;
}
