/* Every import of the DLL can be made to fail, or has its reason why not: what is
 * imported anew is noticed here. */
#include "support/cmocka_headers.h"

#include "faults/import_table.h"
#include "faults/injected.h"
#include "faults/injection.h"
#include "faults/shim.h"

static int imports, injected, unknown;

static FARPROC judge(const char *dll, const char *name, void *unused)
{
  const BOOL has_stand_in = injected_import(dll, name, NULL) != NULL;
  const BOOL has_reason = reason_to_leave_alone(name) != NULL;

  (void)unused;
  imports++;
  injected += has_stand_in;
  if (has_stand_in == has_reason) {
    print_error("%s!%s is %s\n", dll, name,
                has_reason ? "injected and left alone" : "neither injected nor left alone");
    unknown++;
  }
  return NULL;
}

static void every_import_is_injected_or_has_its_reason(void **state)
{
  const HMODULE module = LoadLibraryW(L"ws2spi.dll");

  (void)state;
  assert_non_null(module);
  import_table_visit(module, judge, NULL);
  FreeLibrary(module);
  assert_true(imports > 50);
  assert_true(injected > 30);
  assert_int_equal(unknown, 0);
  print_message("             %d imports, %d of them injected\n", imports, injected);
}

static FARPROC point_out(const char *dll, const char *name, void *slot_of)
{
  (void)dll;
  if (strcmp(name, "TlsAlloc") == 0)
    ++*(int *)slot_of;
  return NULL;
}

/* Replaced before DllMain runs, and so in force in it. */
static void a_dll_without_a_thread_slot_does_not_load(void **state)
{
  struct shim shim;
  int seen = 0;

  (void)state;
  resources_forget();
  injection_arm("TlsAlloc", 1);
  assert_false(shim_try_load(&shim));
  assert_string_equal(injection_disarm(), "TlsAlloc");
  for (int i = 0; i < RESOURCES; i++)
    assert_int_equal(resource_held(i), 0);
  shim_load(&shim);
  import_table_visit(shim.module, point_out, &seen);
  assert_int_equal(seen, 1);
  assert_int_equal(resource_held(THREAD_SLOTS), 1);
  shim_free(&shim);
  assert_int_equal(resource_held(THREAD_SLOTS), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_import_is_injected_or_has_its_reason),
      cmocka_unit_test(a_dll_without_a_thread_slot_does_not_load),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
