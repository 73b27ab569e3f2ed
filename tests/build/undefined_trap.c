/* A build that traps on what the language does not define does trap. Started again with a
 * number, this program adds to it what may be too much, and ends with the sum. */
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

static void a_sum_that_fits_is_the_answer(void **state)
{
  assert_int_equal(exit_code_of_adding_one_to(41), 42);
}

static void a_sum_that_does_not_fit_ends_the_process(void **state)
{
  assert_int_equal(exit_code_of_adding_one_to(INT_MAX), EXCEPTION_ILLEGAL_INSTRUCTION);
}

/* As the system would, but without a debugger. */
static LONG WINAPI end_with_its_code(EXCEPTION_POINTERS *exception)
{
  ExitProcess(exception->ExceptionRecord->ExceptionCode);
}

int main(int count, char **arguments)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_sum_that_fits_is_the_answer),
      cmocka_unit_test(a_sum_that_does_not_fit_ends_the_process),
  };

  if (count == 2) {
    SetUnhandledExceptionFilter(end_with_its_code);
    return (int)strtol(arguments[1], NULL, 10) + 1;
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
