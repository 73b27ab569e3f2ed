/* For every import of the DLL failures are injected, or there is a reason why not. So a new import
 * is noticed here. */
#include "support/cmocka_headers.h"

#include "injection/import_table.h"
#include "injection/injected.h"
#include "injection/injection.h"

static int imports, injected, unknown;

static FARPROC count_import(const char *dll, const char *name, void *unused)
{
  const BOOL has_stand_in = injected_import(dll, name, NULL) != NULL;
  const BOOL has_reason = reason_not_injected(name) != NULL;

  (void)unused;
  imports++;
  injected += has_stand_in;
  if (has_stand_in == has_reason) {
    print_error("%s!%s is %s\n", dll, name,
                has_reason ? "injected and in not_injected.c"
                           : "neither injected nor in not_injected.c");
    unknown++;
  }
  return NULL;
}

static void every_import_is_injected_or_has_its_reason(void **state)
{
  const HMODULE module = LoadLibraryW(L"ws2spi.dll");

  assert_non_null(module);
  import_table_visit(module, count_import, NULL);
  FreeLibrary(module);
  assert_true(imports > 50);
  assert_true(injected > 30);
  assert_int_equal(unknown, 0);
  print_message("             %d imports, %d of them injected\n", imports, injected);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_import_is_injected_or_has_its_reason),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
