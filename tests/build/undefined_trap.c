/* A build that traps on undefined behaviour does trap. Started with a number, this program adds 1
 * to it, which may overflow, and ends with the sum. */
#include "support/cmocka_headers.h"

#include "support/exit_code.h"

#include <winsock2.h>

#include <limits.h>
#include <stdlib.h>
#include <wchar.h>

static DWORD exit_code_of_adding_one_to(int number)
{
  WCHAR command[MAX_PATH];

  swprintf(command, MAX_PATH, L"undefined_trap.exe %d", number);
  return exit_code_of_program(NULL, command);
}

static void a_sum_without_overflow_is_returned(void **state)
{
  assert_int_equal(exit_code_of_adding_one_to(41), 42);
}

static void a_sum_that_overflows_ends_the_process(void **state)
{
  assert_int_equal(exit_code_of_adding_one_to(INT_MAX), EXCEPTION_ILLEGAL_INSTRUCTION);
}

/* As the system does, but without a debugger. */
static LONG WINAPI end_with_its_code(EXCEPTION_POINTERS *exception)
{
  ExitProcess(exception->ExceptionRecord->ExceptionCode);
}

int main(int count, char **arguments)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sum_without_overflow_is_returned),
      cmocka_unit_test(a_sum_that_overflows_ends_the_process),
  };

  if (count == 2) {
    SetUnhandledExceptionFilter(end_with_its_code);
    return (int)strtol(arguments[1], NULL, 10) + 1;
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
