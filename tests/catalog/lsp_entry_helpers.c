#include "support/cmocka_headers.h"

#include "catalog_view.h"

#include <ws2spi_lsp.h>

#include <wchar.h>

static const GUID layer_id = {0x1A7E2, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
static const GUID no_id;
static const DWORD IFS = XP1_IFS_HANDLES;

static WSAPROTOCOL_INFOW base; /* MSAFD Tcpip [TCP/IP], as enumerated */
static WSAPROTOCOL_INFOW entry;
static WSAPROTOCOL_INFOW primed;

static int take_base(void **state)
{
  memset(&primed, 0x5A, sizeof primed);
  entry = primed;
  return catalog_find(1001, &base) ? 0 : -1;
}

static WSAPROTOCOL_INFOW base_as_chain(int length)
{
  WSAPROTOCOL_INFOW chain = base;

  chain.dwCatalogEntryId = 2000;
  chain.ProtocolChain.ChainLen = length;
  for (int i = 0; i < length && i < MAX_PROTOCOL_CHAIN; i++)
    chain.ProtocolChain.ChainEntries[i] = 3000 + (DWORD)i;
  return chain;
}

static void fill_name(WCHAR *name, size_t length)
{
  wmemset(name, L'n', length);
  name[length] = 0;
}

/* --- the dummy entry ----------------------------------------------------------------- */

static void dummy_is_hidden_and_has_no_protocol(void **state)
{
  WSAPROTOCOL_INFOW expected = base;

  expected.iSocketType = 0;
  expected.iProtocol = 0;
  expected.dwProviderFlags = PFL_HIDDEN;
  expected.ProviderId = layer_id;
  expected.dwCatalogEntryId = 0;
  memset(&expected.ProtocolChain, 0, sizeof expected.ProtocolChain);
  memset(expected.szProtocol, 0, sizeof expected.szProtocol);
  wcscpy(expected.szProtocol, L"Layer");
  assert_int_equal(base.dwProviderFlags, PFL_MATCHES_PROTOCOL_ZERO);
  assert_int_equal(Ws2SpiMakeDummyEntry(&base, L"Layer", &layer_id, IFS, &entry), 0);
  assert_memory_equal(&entry, &expected, sizeof entry);
}

static void ifs_flag_is_that_of_the_layer(void **state)
{
  WSAPROTOCOL_INFOW without = base;

  without.dwServiceFlags1 &= ~IFS;
  assert_int_equal(base.dwServiceFlags1 & IFS, IFS);
  assert_int_equal(Ws2SpiMakeDummyEntry(&base, L"Layer", &layer_id, 0, &entry), 0);
  assert_int_equal(entry.dwServiceFlags1, without.dwServiceFlags1);
  assert_int_equal(Ws2SpiMakeDummyEntry(&without, L"Layer", &layer_id, IFS, &entry), 0);
  assert_int_equal(entry.dwServiceFlags1, base.dwServiceFlags1);
  assert_int_equal(Ws2SpiMakeChainEntry(&base, L"Layer", 5, 0, &entry), 0);
  assert_int_equal(entry.dwServiceFlags1, without.dwServiceFlags1);
}

/* --- the chain entry ------------------------------------------------------------------- */

static void chain_over_a_base_is_the_base_with_the_layer_on_top(void **state)
{
  WSAPROTOCOL_INFOW expected = base;

  expected.ProviderId = no_id;
  expected.dwCatalogEntryId = 0;
  memset(&expected.ProtocolChain, 0, sizeof expected.ProtocolChain);
  expected.ProtocolChain.ChainLen = 2;
  expected.ProtocolChain.ChainEntries[0] = 4711;
  expected.ProtocolChain.ChainEntries[1] = 1001;
  memset(expected.szProtocol, 0, sizeof expected.szProtocol);
  wcscpy(expected.szProtocol, L"Layer over [MSAFD Tcpip [TCP/IP]]");
  assert_int_equal(Ws2SpiMakeChainEntry(&base, L"Layer", 4711, IFS, &entry), 0);
  assert_memory_equal(&entry, &expected, sizeof entry);
}

static void chain_over_a_chain_names_that_chain_and_not_its_layer(void **state)
{
  const WSAPROTOCOL_INFOW lower = base_as_chain(3);

  assert_int_equal(Ws2SpiMakeChainEntry(&lower, L"Layer", 4711, IFS, &entry), 0);
  assert_int_equal(entry.ProtocolChain.ChainLen, 4);
  assert_int_equal(entry.ProtocolChain.ChainEntries[0], 4711);
  assert_int_equal(entry.ProtocolChain.ChainEntries[1], 2000);
  assert_int_equal(entry.ProtocolChain.ChainEntries[2], 3001);
  assert_int_equal(entry.ProtocolChain.ChainEntries[3], 3002);
  assert_int_equal(entry.ProtocolChain.ChainEntries[4], 0);
}

static void chain_entries_of_a_base_protocol_are_ignored(void **state)
{
  WSAPROTOCOL_INFOW lower = base;

  memset(lower.ProtocolChain.ChainEntries, 0xFF, sizeof lower.ProtocolChain.ChainEntries);
  lower.ProtocolChain.ChainEntries[0] = 4711;
  assert_int_equal(Ws2SpiMakeChainEntry(&lower, L"Layer", 4711, IFS, &entry), 0);
  assert_int_equal(entry.ProtocolChain.ChainEntries[1], 1001);
  assert_int_equal(entry.ProtocolChain.ChainEntries[2], 0);
}

static void chain_from_helper_has_at_most_seven_elements(void **state)
{
  const WSAPROTOCOL_INFOW six = base_as_chain(6), seven = base_as_chain(7);

  assert_int_equal(Ws2SpiMakeChainEntry(&seven, L"Layer", 4711, IFS, &entry), WSAEINVAL);
  assert_memory_equal(&entry, &primed, sizeof entry);
  assert_int_equal(Ws2SpiMakeChainEntry(&six, L"Layer", 4711, IFS, &entry), 0);
  assert_int_equal(entry.ProtocolChain.ChainLen, 7);
  assert_int_equal(entry.ProtocolChain.ChainEntries[6], 3005);
}

static void chain_name_that_does_not_fit_is_truncated(void **state)
{
  WSAPROTOCOL_INFOW lower = base;
  WCHAR name[WSAPROTOCOL_LEN + 1];

  fill_name(name, WSAPROTOCOL_LEN);
  assert_int_equal(Ws2SpiMakeChainEntry(&base, name, 4711, IFS, &entry), 0);
  assert_memory_equal(entry.szProtocol, name, sizeof name);
  /* The lower name may fill its field without a NUL. */
  wmemset(lower.szProtocol, L'm', WSAPROTOCOL_LEN + 1);
  assert_int_equal(Ws2SpiMakeChainEntry(&lower, L"Layer", 4711, IFS, &entry), 0);
  assert_int_equal(wcslen(entry.szProtocol), WSAPROTOCOL_LEN);
  assert_int_equal(entry.szProtocol[WSAPROTOCOL_LEN - 1], L'm');
  assert_memory_equal(entry.szProtocol, L"Layer over [mm", 14 * sizeof(WCHAR));
}

/* --- invalid arguments -------------------------------------------------------------------- */

static void assert_dummy_rejected(const WCHAR *name, DWORD flags)
{
  assert_int_equal(Ws2SpiMakeDummyEntry(&base, name, &layer_id, flags, &entry), WSAEINVAL);
  assert_memory_equal(&entry, &primed, sizeof entry);
}

static void assert_chain_rejected(const WSAPROTOCOL_INFOW *lower, const WCHAR *name, DWORD id,
                                  DWORD flags)
{
  assert_int_equal(Ws2SpiMakeChainEntry(lower, name, id, flags, &entry), WSAEINVAL);
  assert_memory_equal(&entry, &primed, sizeof entry);
}

static void invalid_names_and_flags_are_rejected(void **state)
{
  WCHAR name[WSAPROTOCOL_LEN + 2];

  fill_name(name, WSAPROTOCOL_LEN + 1);
  assert_dummy_rejected(L"", IFS);
  assert_dummy_rejected(name, IFS);
  assert_dummy_rejected(L"Layer", XP1_CONNECTIONLESS);
  assert_dummy_rejected(L"Layer", IFS | XP1_CONNECTIONLESS);
  assert_chain_rejected(&base, L"", 4711, IFS);
  assert_chain_rejected(&base, name, 4711, IFS);
  assert_chain_rejected(&base, L"Layer", 4711, XP1_CONNECTIONLESS);
  fill_name(name, WSAPROTOCOL_LEN);
  assert_int_equal(Ws2SpiMakeDummyEntry(&base, name, &layer_id, IFS, &entry), 0);
}

static void invalid_lower_entry_is_rejected(void **state)
{
  WSAPROTOCOL_INFOW not_installed = base, not_ifs = base, hidden = base;
  const WSAPROTOCOL_INFOW chain = base_as_chain(3);

  not_installed.dwCatalogEntryId = 0;
  not_ifs.dwServiceFlags1 &= ~IFS;
  hidden.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  assert_chain_rejected(&not_installed, L"Layer", 4711, IFS);
  assert_chain_rejected(&not_ifs, L"Layer", 4711, IFS);
  assert_chain_rejected(&hidden, L"Layer", 4711, IFS);
  assert_chain_rejected(&base, L"Layer", 0, IFS);
  assert_chain_rejected(&base, L"Layer", 1001, IFS);
  assert_chain_rejected(&chain, L"Layer", 3002, IFS); /* the layer is in it */
  hidden.ProtocolChain.ChainLen = -1;
  assert_chain_rejected(&hidden, L"Layer", 4711, IFS);
}

static void null_pointers_are_rejected(void **state)
{
  assert_int_equal(Ws2SpiMakeDummyEntry(NULL, L"Layer", &layer_id, IFS, &entry), WSAEFAULT);
  assert_int_equal(Ws2SpiMakeDummyEntry(&base, NULL, &layer_id, IFS, &entry), WSAEFAULT);
  assert_int_equal(Ws2SpiMakeDummyEntry(&base, L"Layer", NULL, IFS, &entry), WSAEFAULT);
  assert_int_equal(Ws2SpiMakeDummyEntry(&base, L"Layer", &layer_id, IFS, NULL), WSAEFAULT);
  assert_int_equal(Ws2SpiMakeChainEntry(NULL, L"Layer", 1, IFS, &entry), WSAEFAULT);
  assert_int_equal(Ws2SpiMakeChainEntry(&base, NULL, 1, IFS, &entry), WSAEFAULT);
  assert_int_equal(Ws2SpiMakeChainEntry(&base, L"Layer", 1, IFS, NULL), WSAEFAULT);
  assert_memory_equal(&entry, &primed, sizeof entry);
}

/* --- both entries in the catalog ---------------------------------------------------------- */

static void entry_can_be_made_in_place_of_the_lower_one(void **state)
{
  WSAPROTOCOL_INFOW in_place = base;

  assert_int_equal(Ws2SpiMakeChainEntry(&base, L"Layer", 4711, IFS, &entry), 0);
  assert_int_equal(Ws2SpiMakeChainEntry(&in_place, L"Layer", 4711, IFS, &in_place), 0);
  assert_memory_equal(&in_place, &entry, sizeof entry);
}

/* Installs *info under numbered_guid, and reads the entry back into *info. */
static void install(unsigned number, WSAPROTOCOL_INFOW *info)
{
  GUID guid = numbered_guid(number);
  struct catalog_view view;
  int error = -1;

  assert_int_equal(WSCInstallProvider(&guid, L"C:\\layer.dll", info, 1, &error), 0);
  view = catalog_view_take();
  for (int i = 0; i < view.count; i++) {
    if (IsEqualGUID(&view.info[i].ProviderId, &guid))
      *info = view.info[i];
  }
  catalog_view_free(&view);
  assert_true(IsEqualGUID(&info->ProviderId, &guid));
}

static void layers_can_be_stacked_until_the_chain_is_full(void **state)
{
  WSAPROTOCOL_INFOW lower = base;
  unsigned number = 1;

  for (int layers = 1; layers < MAX_PROTOCOL_CHAIN; layers++) {
    const GUID guid = numbered_guid(number);
    WSAPROTOCOL_INFOW dummy;

    assert_int_equal(Ws2SpiMakeDummyEntry(&lower, L"L", &guid, IFS, &dummy), 0);
    install(number++, &dummy);
    assert_int_equal(Ws2SpiMakeChainEntry(&lower, L"L", dummy.dwCatalogEntryId, IFS, &lower), 0);
    install(number++, &lower);
    assert_int_equal(lower.ProtocolChain.ChainLen, layers + 1);
    assert_int_equal(lower.ProtocolChain.ChainEntries[layers], 1001);
  }
  assert_int_equal(Ws2SpiMakeChainEntry(&lower, L"L", 4711, IFS, &entry), WSAEINVAL);
  while (--number > 0)
    deinstall_one(number);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(dummy_is_hidden_and_has_no_protocol, take_base),
      cmocka_unit_test_setup(ifs_flag_is_that_of_the_layer, take_base),
      cmocka_unit_test_setup(chain_over_a_base_is_the_base_with_the_layer_on_top, take_base),
      cmocka_unit_test_setup(chain_over_a_chain_names_that_chain_and_not_its_layer, take_base),
      cmocka_unit_test_setup(chain_entries_of_a_base_protocol_are_ignored, take_base),
      cmocka_unit_test_setup(chain_from_helper_has_at_most_seven_elements, take_base),
      cmocka_unit_test_setup(chain_name_that_does_not_fit_is_truncated, take_base),
      cmocka_unit_test_setup(invalid_names_and_flags_are_rejected, take_base),
      cmocka_unit_test_setup(invalid_lower_entry_is_rejected, take_base),
      cmocka_unit_test_setup(null_pointers_are_rejected, take_base),
      cmocka_unit_test_setup(entry_can_be_made_in_place_of_the_lower_one, take_base),
      cmocka_unit_test_setup(layers_can_be_stacked_until_the_chain_is_full, take_base),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
