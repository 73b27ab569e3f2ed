/* Every kind of bad pointer as every pointer argument of the catalog functions: the call fails with
 * WSAEFAULT (a bad lpErrno only fails it), and nothing has changed. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/bad_memory.h"
#include "support/fake_provider.h"

#include <wchar.h>

enum { UNTOUCHED = 0x5A5A };

static GUID installed;
static GUID fresh;
static WSAPROTOCOL_INFOW info;

/* Inputs may be in read-only memory. */
enum direction { READ, WRITTEN };

static void for_each_bad(enum direction direction, void (*call)(void *bad, int *error, int *result))
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    int error = -1;
    int result = 0x7777;

    if (direction == READ && bad->readable)
      continue;
    call(bad->address, &error, &result);
    if (result != SOCKET_ERROR || error != WSAEFAULT || catalog_count() != 7)
      fail_msg("%s: result %d, error %d, %d entries", bad->kind, result, error, catalog_count());
  }
}

/* The bad pointer is lpErrno, and the call must have had no effect. */
static void for_each_bad_errno(void (*call)(void *bad, int *result))
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    int result = 0x7777;

    call(bad->address, &result);
    if (result != SOCKET_ERROR || catalog_count() != 7)
      fail_msg("%s: result %d, %d entries", bad->kind, result, catalog_count());
  }
}

/* --- WSCEnumProtocols ------------------------------------------------------------- */

static WSAPROTOCOL_INFOW buffer[16];

/* NULL means all protocols here, so it is not a bad pointer. */
static void enumerate_filter(void *bad, int *error, int *result)
{
  DWORD bytes = sizeof buffer;

  if (bad == NULL) {
    *result = SOCKET_ERROR;
    *error = WSAEFAULT;
    return;
  }
  *result = WSCEnumProtocols(bad, buffer, &bytes, error);
  assert_int_equal(bytes, sizeof buffer);
}

/* A NULL buffer asks for the size: WSAENOBUFS, tested elsewhere. */
static void enumerate_buffer(void *bad, int *error, int *result)
{
  DWORD bytes = sizeof buffer;

  if (bad == NULL) {
    *result = SOCKET_ERROR;
    *error = WSAEFAULT;
    return;
  }
  *result = WSCEnumProtocols(NULL, bad, &bytes, error);
  assert_int_equal(bytes, sizeof buffer);
}

static void enumerate_length(void *bad, int *error, int *result)
{
  *result = WSCEnumProtocols(NULL, buffer, bad, error);
}

static void enumerate_errno(void *bad, int *result)
{
  DWORD bytes = 1;

  *result = WSCEnumProtocols(NULL, buffer, &bytes, bad);
  assert_int_equal(bytes, 1);
}

static void enumerate_rejects_bad_pointers(void **state)
{
  for_each_bad(READ, enumerate_filter);
  for_each_bad(WRITTEN, enumerate_buffer);
  for_each_bad(WRITTEN, enumerate_length);
  for_each_bad_errno(enumerate_errno);
}

/* --- WSCGetProviderPath -------------------------------------------------------------- */

static void path_guid(void *bad, int *error, int *result)
{
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH;

  path[0] = UNTOUCHED;
  *result = WSCGetProviderPath(bad, path, &chars, error);
  assert_int_equal(chars, MAX_PATH);
  assert_int_equal(path[0], UNTOUCHED);
}

static void path_buffer(void *bad, int *error, int *result)
{
  int chars = MAX_PATH;

  *result = WSCGetProviderPath(&installed, bad, &chars, error);
  assert_int_equal(chars, MAX_PATH);
}

static void path_length(void *bad, int *error, int *result)
{
  WCHAR path[MAX_PATH];

  path[0] = UNTOUCHED;
  *result = WSCGetProviderPath(&installed, path, bad, error);
  assert_int_equal(path[0], UNTOUCHED);
}

static void path_errno(void *bad, int *result)
{
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH;

  path[0] = UNTOUCHED;
  *result = WSCGetProviderPath(&installed, path, &chars, bad);
  assert_int_equal(chars, MAX_PATH);
  assert_int_equal(path[0], UNTOUCHED);
}

static void get_path_rejects_bad_pointers(void **state)
{
  for_each_bad(READ, path_guid);
  for_each_bad(WRITTEN, path_buffer);
  for_each_bad(WRITTEN, path_length);
  for_each_bad_errno(path_errno);
}

/* --- WSCInstallProvider ---------------------------------------------------------------- */

static void install_guid(void *bad, int *error, int *result)
{
  *result = WSCInstallProvider(bad, L"C:\\lsp.dll", &info, 1, error);
}

static void install_path(void *bad, int *error, int *result)
{
  *result = WSCInstallProvider(&fresh, bad, &info, 1, error);
}

static void install_list(void *bad, int *error, int *result)
{
  *result = WSCInstallProvider(&fresh, L"C:\\lsp.dll", bad, 1, error);
}

static void install_errno(void *bad, int *result)
{
  *result = WSCInstallProvider(&fresh, L"C:\\lsp.dll", &info, 1, bad);
}

static void install_rejects_bad_pointers(void **state)
{
  for_each_bad(READ, install_guid);
  for_each_bad(READ, install_path);
  for_each_bad(READ, install_list);
  for_each_bad_errno(install_errno);
}

static void install_rejects_a_list_shorter_than_its_count(void **state)
{
  WSAPROTOCOL_INFOW *list = end_of_page(sizeof *list);
  const DWORD claims[] = {2, 1000, 6839000};
  int error;

  *list = info;
  for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
    error = -1;
    assert_int_equal(WSCInstallProvider(&fresh, L"C:\\lsp.dll", list, claims[i], &error),
                     SOCKET_ERROR);
    assert_true(error == WSAEFAULT || (claims[i] > 1000 && error == WSA_NOT_ENOUGH_MEMORY));
    assert_int_equal(catalog_count(), 7);
  }
  assert_int_equal(WSCInstallProvider(&fresh, L"C:\\lsp.dll", list, 0xFFFFFFFF, &error),
                   SOCKET_ERROR);
  assert_true(error == WSAEFAULT || error == WSA_NOT_ENOUGH_MEMORY);
  assert_int_equal(catalog_count(), 7);
}

static void install_rejects_a_path_without_nul(void **state)
{
  WCHAR *path = end_of_page(4 * sizeof *path);
  int error = -1;

  wmemset(path, L'a', 4);
  assert_int_equal(WSCInstallProvider(&fresh, path, &info, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(catalog_count(), 7);
}

/* --- WSCDeinstallProvider ----------------------------------------------------------------- */

static void deinstall_guid(void *bad, int *error, int *result)
{
  *result = WSCDeinstallProvider(bad, error);
}

static void deinstall_errno(void *bad, int *result)
{
  *result = WSCDeinstallProvider(&installed, bad);
}

static void deinstall_rejects_bad_pointers(void **state)
{
  for_each_bad(READ, deinstall_guid);
  for_each_bad_errno(deinstall_errno);
}

/* --- Ws2SpiRegisterProvider, Ws2SpiUnregisterProvider ----------------------------------------- */

static void register_info(void *bad, int *error, int *result)
{
  DWORD id = UNTOUCHED;

  *result = Ws2SpiRegisterProvider(bad, fake_provider_startup, &id, error);
  assert_int_equal(id, UNTOUCHED);
}

/* A function pointer should point to code. */
static void register_startup(void *bad, int *error, int *result)
{
  LPWSPSTARTUP startup;
  DWORD id = UNTOUCHED;

  memcpy(&startup, &bad, sizeof startup);
  *result = Ws2SpiRegisterProvider(&info, startup, &id, error);
  assert_int_equal(id, UNTOUCHED);
}

static void register_id(void *bad, int *error, int *result)
{
  *result = Ws2SpiRegisterProvider(&info, fake_provider_startup, bad, error);
}

static void register_errno(void *bad, int *result)
{
  DWORD id = UNTOUCHED;

  *result = Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, bad);
  assert_int_equal(id, UNTOUCHED);
}

static void register_rejects_bad_pointers(void **state)
{
  for_each_bad(READ, register_info);
  for_each_bad(READ, register_startup);
  for_each_bad(WRITTEN, register_id);
  for_each_bad_errno(register_errno);
}

static DWORD registered;

static void unregister_errno(void *bad, int *result)
{
  WSAPROTOCOL_INFOW shown;

  *result = Ws2SpiUnregisterProvider(registered, bad);
  assert_true(catalog_find(registered, &shown));
}

static void unregister_rejects_bad_pointers(void **state)
{
  int error = -1;

  deinstall_one(1);
  registered = fake_provider_register();
  for_each_bad_errno(unregister_errno);
  assert_int_equal(Ws2SpiUnregisterProvider(registered, &error), 0);
  assert_int_equal(error, 0);
}

static void data_is_not_accepted_as_a_startup_function(void **state)
{
  static int writable_data;
  void *const data = &writable_data;
  LPWSPSTARTUP startup;
  DWORD id = UNTOUCHED;
  int error = -1;

  memcpy(&startup, &data, sizeof startup);
  assert_int_equal(Ws2SpiRegisterProvider(&info, startup, &id, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(id, UNTOUCHED);
}

static int prepare(void **state)
{
  installed = numbered_guid(1);
  fresh = numbered_guid(2);
  fake_provider_info(&info);
  return install_one(1, L"C:\\lsp.dll") != 0 ? 0 : -1;
}

static int clean_up(void **state)
{
  deinstall_one(1);
  return 0;
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(enumerate_rejects_bad_pointers),
      CASE(get_path_rejects_bad_pointers),
      CASE(install_rejects_bad_pointers),
      CASE(install_rejects_a_list_shorter_than_its_count),
      CASE(install_rejects_a_path_without_nul),
      CASE(deinstall_rejects_bad_pointers),
      CASE(register_rejects_bad_pointers),
      CASE(unregister_rejects_bad_pointers),
      CASE(data_is_not_accepted_as_a_startup_function),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
