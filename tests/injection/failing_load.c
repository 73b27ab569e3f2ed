/* If something fails while the DLL is loaded, it stays unloaded and holds nothing. */
#include "support/cmocka_headers.h"

#include "injection/import_table.h"
#include "injection/injected.h"
#include "injection/injection.h"
#include "injection/shim.h"

static FARPROC point_out(const char *dll, const char *name, void *slot_of)
{
  (void)dll;
  if (strcmp(name, "TlsAlloc") == 0)
    ++*(int *)slot_of;
  return NULL;
}

/* The import is replaced before DllMain runs. */
static void a_dll_without_a_thread_slot_does_not_load(void **state)
{
  struct shim shim;
  int seen = 0;

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
      cmocka_unit_test(a_dll_without_a_thread_slot_does_not_load),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
