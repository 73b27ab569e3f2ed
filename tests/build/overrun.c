/* A program that is compiled as the DLL is ends at a buffer overrun. */
#include "support/cmocka_headers.h"

#include "support/exit_code.h"

#include <winsock2.h>

#include <wchar.h>

#define STACK_BUFFER_OVERRUN 0xC0000409u

static DWORD exit_code_of(const char *what, unsigned size)
{
  WCHAR command[MAX_PATH];

  swprintf(command, MAX_PATH, L"overrun_program.exe %hs %u", what, size);
  return exit_code_of_program(NULL, command);
}

/* Functions that take a size, and functions that take text, which has one more byte at its end. */
static const char *const sized[] = {"copy", "move", "set"};
static const char *const texts[] = {"text", "append"};

static void bytes_that_fit_are_written(void **state)
{
  assert_int_equal(exit_code_of("stack", 16), 16);
  for (size_t i = 0; i < sizeof sized / sizeof sized[0]; i++)
    assert_int_equal(exit_code_of(sized[i], 16), 16);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    assert_int_equal(exit_code_of(texts[i], 15), 15);
}

static void an_overwritten_frame_ends_the_process(void **state)
{
  assert_int_equal(exit_code_of("stack", 40), STACK_BUFFER_OVERRUN);
}

static void a_copy_past_the_destination_ends_the_process(void **state)
{
  for (size_t i = 0; i < sizeof sized / sizeof sized[0]; i++)
    assert_int_equal(exit_code_of(sized[i], 17), STACK_BUFFER_OVERRUN);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    assert_int_equal(exit_code_of(texts[i], 16), STACK_BUFFER_OVERRUN);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bytes_that_fit_are_written),
      cmocka_unit_test(an_overwritten_frame_ends_the_process),
      cmocka_unit_test(a_copy_past_the_destination_ends_the_process),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
