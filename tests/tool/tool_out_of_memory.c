/* Each allocation of the tool fails once, in each command. */
#include "support/cmocka_headers.h"

#include "tool_run.h"

/* --- replaces the allocating functions ------------------------------------------------- */

static int allocations_until_failure = -1; /* all succeed */
static BOOL has_failed;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static BOOL fails(void)
{
  if (allocations_until_failure < 0)
    return FALSE;
  if (allocations_until_failure-- > 0)
    return FALSE;
  has_failed = TRUE;
  return TRUE;
}

void *__wrap_malloc(size_t size)
{
  return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
  return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
  return fails() ? NULL : __real_realloc(memory, size);
}

/* --- tests ------------------------------------------------------------------------------ */

static int start(void **state)
{
  allocations_until_failure = -1;
  return reset_catalogs(state);
}

static size_t native_count(void)
{
  struct listing listing = catalog_of(WS2SPI_WIDTH_NATIVE);
  const size_t count = listing.count;

  listing_free(&listing);
  return count;
}

static void install(void)
{
  assert_int_equal(tool("catalog", "install", beside_test("fake_lsp.dll"), "--name", "Layer", NULL),
                   EXIT_DONE);
}

static BOOL message_names_the_cause(void)
{
  return strstr(printed_diagnostics(), "out of memory") != NULL ||
         strstr(printed_diagnostics(), "WSA_NOT_ENOUGH_MEMORY") != NULL;
}

/* Runs the command until no allocation fails any more. Each failure must be reported, and leave
 * the number of entries that there was or that the command makes. Returns how many failed. */
static int fail_each_allocation(size_t count_before, size_t count_after, const char *const *words)
{
  for (int allocation = 0;; allocation++) {
    enum exit_code code;
    size_t count;

    start(NULL);
    if (count_before > 6)
      install();
    has_failed = FALSE;
    allocations_until_failure = allocation;
    code = tool(words[0], words[1], words[2], words[3], words[4], words[5], words[6], NULL);
    allocations_until_failure = -1;
    count = native_count();
    if (!has_failed) {
      assert_int_equal(code, EXIT_DONE);
      assert_int_equal(count, count_after);
      return allocation;
    }
    assert_int_equal(code, EXIT_FAILED);
    assert_true(message_names_the_cause());
    assert_true(count == count_before || count == count_after);
  }
}

#define FAIL_EACH(before, after, ...)                                                              \
  fail_each_allocation(before, after, (const char *const[7]){"catalog", __VA_ARGS__})

static void commands_that_only_read_report_it(void **state)
{
  assert_in_range(FAIL_EACH(13, 13, "list"), 3, 100);
  assert_in_range(FAIL_EACH(13, 13, "tree"), 3, 100);
  assert_in_range(FAIL_EACH(13, 13, "which", "TCP"), 3, 100);
  assert_in_range(FAIL_EACH(13, 13, "check", "--strict"), 3, 100);
}

static void install_is_undone(void **state)
{
  const char *const dll = beside_test("fake_lsp.dll");

  assert_in_range(FAIL_EACH(6, 13, "install", dll, "--name", "Layer"), 10, 200);
  assert_in_range(FAIL_EACH(6, 9, "install", dll, "--name=Layer", "--over", "1001", "1002"), 10,
                  200);
}

static void other_changes_are_made_or_not(void **state)
{
  assert_in_range(FAIL_EACH(13, 6, "remove", "Layer"), 5, 100);
  assert_in_range(FAIL_EACH(13, 13, "order", "1002", "1001,1003"), 5, 100);
  assert_in_range(FAIL_EACH(13, 13, "repair"), 3, 100);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(commands_that_only_read_report_it, start),
      cmocka_unit_test_setup(install_is_undone, start),
      cmocka_unit_test_setup(other_changes_are_made_or_not, start),
  };

  return cmocka_run_group_tests(tests, NULL, start);
}
