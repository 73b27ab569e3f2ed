#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "fake_uuid.h"
#include "support/fake_provider.h"

#include <wchar.h>

static const GUID NONE;
static WSAPROTOCOL_INFOW info;

static int prepare(void **state)
{
  fake_provider_info(&info);
  return 0;
}

static void entry_is_enumerated_as_given(void **state)
{
  WSAPROTOCOL_INFOW shown;
  DWORD id = 0;
  int error = -1;

  info.ProviderId = numbered_guid(5);
  info.dwCatalogEntryId = 1001;
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error), 0);
  assert_int_equal(error, 0);
  assert_true(id >= 1007);
  assert_true(catalog_find(id, &shown));
  info.dwCatalogEntryId = id;
  assert_memory_equal(&shown, &info, sizeof info);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
  assert_int_equal(error, 0);
  assert_false(catalog_find(id, &shown));
}

static void zero_provider_id_is_replaced_by_a_new_one(void **state)
{
  WSAPROTOCOL_INFOW first, second;
  DWORD first_id = 0, second_id = 0;
  int error = -1;

  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &first_id, &error), 0);
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &second_id, &error), 0);
  assert_memory_equal(&info.ProviderId, &NONE, sizeof NONE);
  assert_true(catalog_find(first_id, &first));
  assert_true(catalog_find(second_id, &second));
  assert_memory_not_equal(&first.ProviderId, &NONE, sizeof NONE);
  assert_memory_not_equal(&second.ProviderId, &NONE, sizeof NONE);
  assert_memory_not_equal(&first.ProviderId, &second.ProviderId, sizeof NONE);
  assert_int_equal(Ws2SpiUnregisterProvider(first_id, &error), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(second_id, &error), 0);
}

static void provider_id_in_use_is_rejected(void **state)
{
  DWORD first = 0, second = 0x5A5A;
  int error = -1;

  info.ProviderId = numbered_guid(5);
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &first, &error), 0);
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &second, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
  assert_int_equal(second, 0x5A5A);
  assert_int_equal(catalog_count(), 7);
  assert_int_equal(Ws2SpiUnregisterProvider(first, &error), 0);
}

static void name_without_nul_is_invalid(void **state)
{
  DWORD id = 0x5A5A;
  int error = -1;

  wmemset(info.szProtocol, L'n', 256);
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(id, 0x5A5A);
  assert_int_equal(catalog_count(), 6);
}

static void only_registered_entries_can_be_unregistered(void **state)
{
  const DWORD installed = install_one(1, L"C:\\lsp.dll");
  const DWORD ids[] = {0, 1001, 1006, installed, 4711, 0xFFFFFFFF};
  int error;

  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    error = -1;
    assert_int_equal(Ws2SpiUnregisterProvider(ids[i], &error), SOCKET_ERROR);
    assert_int_equal(error, WSAEINVAL);
  }
  assert_int_equal(catalog_count(), 7);
  deinstall_one(1);
}

/* A chain over a registered entry is process-local too, but it was installed. */
static void chain_over_a_registered_entry_cannot_be_unregistered(void **state)
{
  GUID guid = numbered_guid(6);
  DWORD id = 0, chain;
  int error = -1;

  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error), 0);
  info.ProtocolChain.ChainLen = 2;
  info.ProtocolChain.ChainEntries[0] = id;
  info.ProtocolChain.ChainEntries[1] = 1001;
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\lsp.dll", &info, 1, &error), 0);
  chain = newest_id_of(&guid);
  assert_true(chain > id);
  assert_int_equal(Ws2SpiUnregisterProvider(chain, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(newest_id_of(&guid), chain);
  deinstall_one(6);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

/* A GUID that is unique only on this machine is sufficient; without a GUID the call fails. */
static void failure_to_create_a_guid_is_no_recovery(void **state)
{
  WSAPROTOCOL_INFOW shown;
  DWORD id = 0x5A5A;
  int error = -1;

  uuids_come_with(RPC_S_UUID_NO_ADDRESS);
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error), SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
  assert_int_equal(id, 0x5A5A);
  uuids_come_with(RPC_S_UUID_LOCAL_ONLY);
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error), 0);
  assert_true(catalog_find(id, &shown));
  info.ProviderId = numbered_guid(GIVEN_UUID);
  assert_memory_equal(&shown.ProviderId, &info.ProviderId, sizeof(GUID));
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void second_unregister_is_invalid(void **state)
{
  const DWORD id = fake_provider_register();
  int error = -1;

  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(entry_is_enumerated_as_given, prepare),
      cmocka_unit_test_setup(zero_provider_id_is_replaced_by_a_new_one, prepare),
      cmocka_unit_test_setup(provider_id_in_use_is_rejected, prepare),
      cmocka_unit_test_setup(name_without_nul_is_invalid, prepare),
      cmocka_unit_test_setup(only_registered_entries_can_be_unregistered, prepare),
      cmocka_unit_test_setup(second_unregister_is_invalid, prepare),
      cmocka_unit_test_setup(chain_over_a_registered_entry_cannot_be_unregistered, prepare),
      cmocka_unit_test_setup(failure_to_create_a_guid_is_no_recovery, prepare),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
