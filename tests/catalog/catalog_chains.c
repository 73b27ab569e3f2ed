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

/* Both ways to add an entry have the same rules. */
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

static void assert_rejected(int length, const DWORD *parts)
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

static void chain_has_at_most_seven_elements(void **state)
{
  const DWORD parts[] = {layer, registered, 1001, 1002, 1003, 1004, 1005};

  assert_accepted(7, parts);
  assert_rejected(8, parts);
  assert_rejected(INT_MAX, parts);
}

static void negative_chain_length_is_rejected(void **state)
{
  assert_rejected(-1, NULL);
  assert_rejected(INT_MIN, NULL);
}

static void chain_elements_of_length_0_and_1_are_ignored(void **state)
{
  assert_accepted(0, NULL);
  assert_accepted(1, NULL);
}

static void chain_with_an_unknown_element_is_rejected(void **state)
{
  assert_rejected(2, (DWORD[]){layer, 4711});
  assert_rejected(2, (DWORD[]){4711, 1001});
  assert_rejected(2, (DWORD[]){layer, 0});
}

static void chain_with_a_repeated_element_is_rejected(void **state)
{
  assert_rejected(3, (DWORD[]){layer, layer, 1001});
  assert_rejected(4, (DWORD[]){layer, 1002, layer, 1001});
}

static void chain_has_at_most_one_registered_element(void **state)
{
  assert_accepted(2, (DWORD[]){layer, registered});
  assert_accepted(2, (DWORD[]){registered, 1001});
  assert_rejected(3, (DWORD[]){layer, registered, registered_too});
  assert_rejected(2, (DWORD[]){registered_too, registered});
}

static void entries_of_one_call_cannot_be_chain_elements_of_each_other(void **state)
{
  const int before = catalog_count();
  GUID guid = numbered_guid(3);
  WSAPROTOCOL_INFOW both[2];
  DWORD next = 0;
  int error = -1;

  /* The second entry names the id that the first one would get. */
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
      cmocka_unit_test(chain_has_at_most_seven_elements),
      cmocka_unit_test(negative_chain_length_is_rejected),
      cmocka_unit_test(chain_elements_of_length_0_and_1_are_ignored),
      cmocka_unit_test(chain_with_an_unknown_element_is_rejected),
      cmocka_unit_test(chain_with_a_repeated_element_is_rejected),
      cmocka_unit_test(chain_has_at_most_one_registered_element),
      cmocka_unit_test(entries_of_one_call_cannot_be_chain_elements_of_each_other),
      cmocka_unit_test(chain_over_a_chain_is_accepted),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, make_parts, remove_parts);
}
