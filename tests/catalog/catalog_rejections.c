/* Each rejected change of the catalog writes one line to the log, with the provider or entry and
 * the rule that it breaks. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"
#include "support/log_file.h"
#include "support/replaced_imports.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define FIRST_GUID  "{00000001-1234-5678-0102-030405060708}"
#define SECOND_GUID "{00000002-1234-5678-0102-030405060708}"

#ifdef _WIN64
#define INSTALL_CHAINS(id, file, name, list, n, error)                                             \
  WSCInstallProviderAndChains64_32(id, file, file, name, 0, list, n, NULL, error)
#else
#define INSTALL_CHAINS(id, file, name, list, n, error)                                             \
  WSCInstallProviderAndChains(id, file, name, 0, list, n, NULL, error)
#endif

static GUID first, second;
static WSAPROTOCOL_INFOW infos[2];
static WCHAR path[] = L"C:\\lsp.dll";
static unsigned lines;

static int prepare(void **state)
{
  first = numbered_guid(1);
  second = numbered_guid(2);
  for (int i = 0; i < 2; i++)
    fake_provider_info(&infos[i]);
  return install_one(1, path) != 0 ? 0 : -1;
}

static int clean_up(void **state)
{
  int error;

  return Ws2SpiResetCatalog(WS2SPI_WIDTH_BOTH, &error);
}

static int begin(void **state)
{
  const int result = log_file_open(state);

  start_with_a_fresh_catalog();
  return result;
}

/* --- the line that is logged -------------------------------------------------------------- */

static void expect_line(const char *expected)
{
  const char *line;

  assert_int_equal(log_file_lines(), lines + 1);
  line = strstr(log_file_last_line(), ": ");
  assert_non_null(line);
  assert_string_equal(line + 2, expected);
}

static void expect_rejected_install(GUID *id, const WCHAR *file, DWORD count, int code,
                                    const char *expected)
{
  int error = -1;

  lines = log_file_lines();
  assert_int_equal(WSCInstallProvider(id, file, infos, count, &error), SOCKET_ERROR);
  assert_int_equal(error, code);
  expect_line(expected);
}

static void expect_rejected_chains(GUID *id, WCHAR *name, WSAPROTOCOL_INFOW *list, DWORD count,
                                   int code, const char *expected)
{
  int error = -1;

  lines = log_file_lines();
  assert_int_equal(INSTALL_CHAINS(id, path, name, list, count, &error), SOCKET_ERROR);
  assert_int_equal(error, code);
  expect_line(expected);
}

static void expect_rejected_update(GUID *id, DWORD count, const char *expected)
{
  int error = -1;

  lines = log_file_lines();
  assert_int_equal(WSCUpdateProvider(id, path, infos, count, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  expect_line(expected);
}

static void expect_rejected_order(DWORD *ids, DWORD count, const char *expected)
{
  lines = log_file_lines();
  assert_int_equal(WSCWriteProviderOrder(ids, count), WSAEINVAL);
  expect_line(expected);
}

/* --- install ------------------------------------------------------------------------------ */

static void set_chain(WSAPROTOCOL_INFOW *info, DWORD upper, DWORD lower)
{
  info->ProtocolChain.ChainLen = 2;
  info->ProtocolChain.ChainEntries[0] = upper;
  info->ProtocolChain.ChainEntries[1] = lower;
}

static void rejected_installs_are_logged(void **state)
{
  expect_rejected_install(&first, path, 1, WSANO_RECOVERY,
                          "catalog change rejected for " FIRST_GUID
                          ": a provider with this ProviderId is already installed, error 11003");
  expect_rejected_install(&second, L"", 1, WSAEINVAL,
                          "catalog change rejected for " SECOND_GUID
                          ": the DLL path is empty or longer than MAX_PATH, error 10022");
  expect_rejected_install(&second, path, 0, WSAEINVAL,
                          "catalog change rejected for " SECOND_GUID
                          ": the list of entries is empty, error 10022");
  set_chain(&infos[1], 1001, 777);
  expect_rejected_install(
      &second, path, 2, WSAEINVAL,
      "catalog change rejected for " SECOND_GUID
      ", entry 2 of the list: its chain names an entry that does not exist, error 10022");
  set_chain(&infos[1], 1001, 1001);
  expect_rejected_install(
      &second, path, 2, WSAEINVAL,
      "catalog change rejected for " SECOND_GUID
      ", entry 2 of the list: its chain names the same entry twice, error 10022");
}

/* A ProviderId is either installed or registered, whichever came first. */
static void conflicts_with_a_registered_provider_are_logged(void **state)
{
  static const char expected[] =
      "catalog change rejected for " SECOND_GUID
      ": a provider with this ProviderId is registered in this process, error "
      "11003";
  WCHAR name[] = L"LSP";
  DWORD id = 0, other;
  int error = -1;

  infos[0].ProviderId = second;
  assert_int_equal(Ws2SpiRegisterProvider(&infos[0], fake_provider_startup, &id, &error), 0);
  expect_rejected_install(&second, path, 1, WSANO_RECOVERY, expected);
  expect_rejected_chains(&second, name, NULL, 0, WSANO_RECOVERY, expected);
  lines = log_file_lines();
  assert_int_equal(Ws2SpiRegisterProvider(&infos[0], fake_provider_startup, &other, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
  expect_line(expected);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
  assert_int_equal(INSTALL_CHAINS(&second, path, name, NULL, 0, &error), 0);
  lines = log_file_lines();
  assert_int_equal(Ws2SpiRegisterProvider(&infos[0], fake_provider_startup, &id, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
  expect_line("catalog change rejected for " SECOND_GUID
              ": a provider with this ProviderId is already installed, error 11003");
}

static void rejected_chains_are_logged(void **state)
{
  WCHAR name[] = L"LSP", none[] = L"";
  char expected[200];
  int error = -1;

  expect_rejected_chains(&first, name, NULL, 0, WSANO_RECOVERY,
                         "catalog change rejected for " FIRST_GUID
                         ": a provider with this ProviderId is already installed, error 11003");
  expect_rejected_chains(&second, none, NULL, 0, WSAEINVAL,
                         "catalog change rejected for " SECOND_GUID
                         ": the name of the LSP is empty or too long, error 10022");
  expect_rejected_chains(NULL, name, NULL, 0, WSAEINVAL,
                         "catalog change rejected: lpProviderId is NULL, error 10022");
  expect_rejected_chains(&second, name, infos, 0, WSAEINVAL,
                         "catalog change rejected for " SECOND_GUID
                         ": the list of entries is empty, error 10022");
  infos[0].iProtocol = IPPROTO_TCP;
  infos[1].iAddressFamily = 77;
  expect_rejected_chains(&second, name, infos, 2, WSAEINVAL,
                         "catalog change rejected for " SECOND_GUID
                         ", entry 2 of the list: no entry has this family, type and protocol, "
                         "error 10022");
  assert_int_equal(INSTALL_CHAINS(&second, path, name, NULL, 0, &error), 0);
  second.Data1++;
  sprintf(expected,
          "catalog change rejected for {00000003-1234-5678-0102-030405060708}, entry %lu: a layer "
          "with this name is already installed, error 10022",
          newest_id_of(&(GUID){2, 0x1234, 0x5678, {1, 2, 3, 4, 5, 6, 7, 8}}));
  expect_rejected_chains(&second, name, NULL, 0, WSAEINVAL, expected);
}

/* --- update, order, remove ---------------------------------------------------------------- */

static void rejected_updates_are_logged(void **state)
{
  const DWORD id = newest_id_of(&first);
  char expected[200];

  infos[0].dwCatalogEntryId = id;
  infos[1].dwCatalogEntryId = 1001;
  expect_rejected_update(&second, 1,
                         "catalog change rejected for " SECOND_GUID
                         ": no provider with this ProviderId is installed, error 10022");
  expect_rejected_update(
      &first, 2,
      "catalog change rejected for " FIRST_GUID
      ", entry 2 of the list: its id is not one of the provider's or is repeated in the list, "
      "error 10022");
  set_chain(&infos[0], 777, 1001);
  sprintf(expected,
          "catalog change rejected for " FIRST_GUID
          ", entry %lu: its chain names an entry that does not exist, error 10022",
          id);
  expect_rejected_update(&first, 1, expected);
}

static void rejected_orders_are_logged(void **state)
{
  DWORD ids[] = {1001, 1002, 1003, 1004, 1005, 1006, 777};

  expect_rejected_order(ids, 6,
                        "catalog change rejected: the list does not name each entry exactly once, "
                        "error 10022");
  expect_rejected_order(
      ids, 7,
      "catalog change rejected, entry 777: it is not in the catalog or is repeated "
      "in the list, error 10022");
  ids[6] = WS2SPI_LAST_REGISTERED_ID;
  expect_rejected_order(
      ids, 7,
      "catalog change rejected: the list names process-local entries, but not each of "
      "them exactly once, error 10022");
}

static void rejected_deinstalls_are_logged(void **state)
{
  int error = -1;

  lines = log_file_lines();
  assert_int_equal(WSCDeinstallProvider(&second, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  expect_line("catalog change rejected for " SECOND_GUID
              ": no provider with this ProviderId is installed, error 10022");
}

static void successful_changes_are_not_logged(void **state)
{
  WCHAR name[] = L"LSP";
  int error = -1;

  lines = log_file_lines();
  infos[0].dwCatalogEntryId = newest_id_of(&first);
  assert_int_equal(WSCUpdateProvider(&first, path, infos, 1, &error), 0);
  assert_int_equal(INSTALL_CHAINS(&second, path, name, NULL, 0, &error), 0);
  assert_int_equal(WSCDeinstallProvider(&second, &error), 0);
  assert_int_equal(log_file_lines(), lines);
}

static void shortage_of_memory_is_logged(void **state)
{
  int error = -1;

  lines = log_file_lines();
  memory_fails_at(1, TRUE);
  assert_int_equal(WSCDeinstallProvider(&first, &error), SOCKET_ERROR);
  memory_fails_at(0, FALSE);
  assert_int_equal(error, WSA_NOT_ENOUGH_MEMORY);
  expect_line("catalog change rejected for " FIRST_GUID ": out of memory, error 8");
}

static BOOL writes_fail;

static LSTATUS WINAPI set_value(HKEY key, LPCWSTR name, DWORD reserved, DWORD type,
                                const BYTE *data, DWORD size)
{
  if (writes_fail)
    return ERROR_ACCESS_DENIED;
  return RegSetValueExW(key, name, reserved, type, data, size);
}

static void unwritable_catalog_is_logged(void **state)
{
  const char *line;
  int error = -1;

  if (!is_over_the_registry())
    return;
  lines = log_file_lines();
  writes_fail = TRUE;
  assert_int_equal(WSCDeinstallProvider(&first, &error), SOCKET_ERROR);
  writes_fail = FALSE;
  assert_int_equal(error, WSANO_RECOVERY);
  line = strstr(log_file_last_line(), ": ");
  assert_non_null(line);
  assert_string_equal(line + 2, "catalog change rejected for " FIRST_GUID
                                ": the catalog cannot be read or written, or another writer has "
                                "locked it, error "
                                "11003");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {CASE(rejected_installs_are_logged),
                                     CASE(conflicts_with_a_registered_provider_are_logged),
                                     CASE(rejected_chains_are_logged),
                                     CASE(rejected_updates_are_logged),
                                     CASE(rejected_orders_are_logged),
                                     CASE(rejected_deinstalls_are_logged),
                                     CASE(successful_changes_are_not_logged),
                                     CASE(shortage_of_memory_is_logged),
                                     CASE(unwritable_catalog_is_logged)};
  static const struct replaced_import imports[] = {REPLACED_IMPORT(RegSetValueExW, set_value)};

  replace_memory();
  replace_imports(imports, 1);
  return cmocka_run_group_tests(tests, begin, log_file_remove);
}
