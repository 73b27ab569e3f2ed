#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"

#include <limits.h>

static DWORD layer;      /* an installed ChainLen 0 entry, numbered 1 */
static DWORD registered; /* two registered entries */
static DWORD registered_too;
static WSAPROTOCOL_INFOW chain;

static DWORD install_layer(void)
{
  GUID guid = numbered_guid(1);
  WSAPROTOCOL_INFOW info;
  int error;

  fake_provider_info(&info);
  info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  return WSCInstallProvider(&guid, L"C:\\layer.dll", &info, 1, &error) == 0 ? newest_id_of(&guid)
                                                                            : 0;
}

static int make_parts(void **state)
{
  layer = install_layer();
  registered = fake_provider_register();
  registered_too = fake_provider_register();
  return layer != 0 && registered != 0 && registered_too != 0 ? 0 : -1;
}

static int remove_parts(void **state)
{
  int error;

  deinstall_one(1);
  return Ws2SpiUnregisterProvider(registered, &error) == 0 &&
                 Ws2SpiUnregisterProvider(registered_too, &error) == 0
             ? 0
             : -1;
}

static void set_chain(int length, const DWORD *parts)
{
  fake_provider_info(&chain);
  chain.ProtocolChain.ChainLen = length;
  memset(chain.ProtocolChain.ChainEntries, 0xFF, sizeof chain.ProtocolChain.ChainEntries);
  for (int i = 0; parts != NULL && i < length && i < MAX_PROTOCOL_CHAIN; i++)
    chain.ProtocolChain.ChainEntries[i] = parts[i];
}

/* The same rules hold for the two ways to add an entry. */
static void assert_accepted(int length, const DWORD *parts)
{
  GUID guid = numbered_guid(2);
  DWORD id = 0;
  int error = -1;

  set_chain(length, parts);
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\layer.dll", &chain, 1, &error), 0);
  assert_int_equal(error, 0);
  deinstall_one(2);
  error = -1;
  assert_int_equal(Ws2SpiRegisterProvider(&chain, fake_provider_startup, &id, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void assert_refused(int length, const DWORD *parts)
{
  const int before = catalog_count();
  GUID guid = numbered_guid(2);
  DWORD id = 0x5A5A;
  int error = -1;

  set_chain(length, parts);
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\layer.dll", &chain, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  error = -1;
  assert_int_equal(Ws2SpiRegisterProvider(&chain, fake_provider_startup, &id, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(id, 0x5A5A);
  assert_int_equal(catalog_count(), before);
}

static void layer_over_base_is_accepted(void **state)
{
  assert_accepted(2, (DWORD[]){layer, 1001});
}

static void seven_parts_are_accepted_and_eight_are_not(void **state)
{
  const DWORD parts[] = {layer, registered, 1001, 1002, 1003, 1004, 1005};

  assert_accepted(7, parts);
  assert_refused(8, parts);
  assert_refused(INT_MAX, parts);
}

static void negative_length_is_refused(void **state)
{
  assert_refused(-1, NULL);
  assert_refused(INT_MIN, NULL);
}

static void parts_of_length_0_and_1_are_not_looked_at(void **state)
{
  assert_accepted(0, NULL);
  assert_accepted(1, NULL);
}

static void part_that_is_not_installed_is_refused(void **state)
{
  assert_refused(2, (DWORD[]){layer, 4711});
  assert_refused(2, (DWORD[]){4711, 1001});
  assert_refused(2, (DWORD[]){layer, 0});
}

static void part_twice_is_refused(void **state)
{
  assert_refused(3, (DWORD[]){layer, layer, 1001});
  assert_refused(4, (DWORD[]){layer, 1002, layer, 1001});
}

static void one_registered_part_is_accepted_and_two_are_not(void **state)
{
  assert_accepted(2, (DWORD[]){layer, registered});
  assert_accepted(2, (DWORD[]){registered, 1001});
  assert_refused(3, (DWORD[]){layer, registered, registered_too});
  assert_refused(2, (DWORD[]){registered_too, registered});
}

static void entries_of_one_call_cannot_be_parts_of_each_other(void **state)
{
  const int before = catalog_count();
  GUID guid = numbered_guid(3);
  WSAPROTOCOL_INFOW both[2];
  DWORD next = 0;
  int error = -1;

  /* Guesses right which id the first of the two would get. */
  next = install_one(3, L"C:\\layer.dll");
  deinstall_one(3);
  fake_provider_info(&both[0]);
  set_chain(2, (DWORD[]){next + 1, 1001});
  both[1] = chain;
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\layer.dll", both, 2, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(catalog_count(), before);
}

static void chain_over_a_chain_is_accepted(void **state)
{
  const DWORD lower_parts[] = {layer, 1001};
  GUID guid = numbered_guid(4);
  DWORD lower;
  int error = -1;

  set_chain(2, lower_parts);
  assert_int_equal(WSCInstallProvider(&guid, L"C:\\layer.dll", &chain, 1, &error), 0);
  lower = newest_id_of(&guid);
  assert_accepted(3, (DWORD[]){registered, lower, 1001});
  deinstall_one(4);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(layer_over_base_is_accepted),
      cmocka_unit_test(seven_parts_are_accepted_and_eight_are_not),
      cmocka_unit_test(negative_length_is_refused),
      cmocka_unit_test(parts_of_length_0_and_1_are_not_looked_at),
      cmocka_unit_test(part_that_is_not_installed_is_refused),
      cmocka_unit_test(part_twice_is_refused),
      cmocka_unit_test(one_registered_part_is_accepted_and_two_are_not),
      cmocka_unit_test(entries_of_one_call_cannot_be_parts_of_each_other),
      cmocka_unit_test(chain_over_a_chain_is_accepted),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, make_parts, remove_parts);
}
