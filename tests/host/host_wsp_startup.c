/* The exported WSPStartup calls the WSPStartup of registered entries. */
#include "support/cmocka_headers.h"

#include "lsp_entries.h"
#include "support/bad_memory.h"

static LPWSPSTARTUP wsp_startup;
static DWORD layer;
static DWORD bottom;
static WSPDATA data;
static WSPPROC_TABLE table;
static WSPUPCALLTABLE upcalls;

static int find_export(void **state)
{
  /* No import library has this function. */
  const FARPROC found = GetProcAddress(GetModuleHandleW(L"ws2spi.dll"), "WSPStartup");
  int error;

  if (found == NULL || Ws2SpiGetUpcallTable(&upcalls, &error) != 0)
    return -1;
  memcpy(&wsp_startup, &found, sizeof wsp_startup);
  return 0;
}

static int prepare(void **state)
{
  fake_provider_reset();
  memset(&data, 0, sizeof data);
  prime_table(&table);
  layer = install_entries(L"C:\\layer.dll", 1);
  bottom = fake_provider_register();
  return layer != 0 && bottom != 0 ? 0 : -1;
}

static int clean_up(void **state)
{
  int error;

  deinstall_entries();
  return Ws2SpiUnregisterProvider(bottom, &error);
}

static WSAPROTOCOL_INFOW info_with(DWORD entry, int length, DWORD first, DWORD second)
{
  WSAPROTOCOL_INFOW info;

  fake_provider_info(&info);
  info.dwCatalogEntryId = entry;
  info.ProtocolChain.ChainLen = length;
  info.ProtocolChain.ChainEntries[0] = first;
  info.ProtocolChain.ChainEntries[1] = second;
  wcscpy(info.szProtocol, L"as the caller has it");
  return info;
}

static void a_registered_entry_gets_all_arguments_unchanged(void **state)
{
  WSAPROTOCOL_INFOW info = info_with(bottom, 1, 0, 0);
  WSPUPCALLTABLE given = upcalls;

  given.lpWPUFDIsSet = NULL;
  assert_int_equal(wsp_startup(MAKEWORD(1, 1), &data, &info, given, &table), 0);
  assert_int_equal(fake_provider.startups, 1);
  assert_int_equal(fake_provider.requested, MAKEWORD(1, 1));
  assert_memory_equal(&fake_provider.info, &info, sizeof info);
  assert_memory_equal(&fake_provider.upcalls, &given, sizeof given);
  assert_int_equal(data.wVersion, MAKEWORD(2, 2));
  assert_false(is_primed(&table));
}

static void its_failure_is_passed_on(void **state)
{
  WSAPROTOCOL_INFOW info = info_with(bottom, 1, 0, 0);

  fake_provider.startup_result = WSAEPROCLIM;
  assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, &info, upcalls, &table), WSAEPROCLIM);
  assert_int_equal(fake_provider.startups, 1);
  assert_true(is_primed(&table));
}

static void end_of_a_chain_gets_its_own_entry(void **state)
{
  WSAPROTOCOL_INFOW chain = info_with(layer, 2, layer, bottom);

  assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, &chain, upcalls, &table), 0);
  assert_int_equal(fake_provider.startups, 1);
  assert_int_equal(fake_provider.info.dwCatalogEntryId, bottom);
  assert_int_equal(fake_provider.info.ProtocolChain.ChainLen, 1);
  assert_int_equal(wcscmp(fake_provider.info.szProtocol, L"Fake provider"), 0);
  assert_false(is_primed(&table));
}

static void a_layer_inside_a_chain_gets_the_chain_unchanged(void **state)
{
  WSAPROTOCOL_INFOW chain = info_with(layer, 3, layer, bottom);

  chain.ProtocolChain.ChainEntries[2] = 1001;
  assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, &chain, upcalls, &table), 0);
  assert_int_equal(fake_provider.startups, 1);
  assert_memory_equal(&fake_provider.info, &chain, sizeof chain);
  assert_false(is_primed(&table));
}

static WSAPROTOCOL_INFOW passed_on;
static WSPPROC_TABLE base_table;
static int base_result;

static void pass_the_chain_on(void)
{
  WSPDATA base_data;

  base_result = wsp_startup(MAKEWORD(2, 2), &base_data, &passed_on, upcalls, &base_table);
}

/* The layer should pass on the base's own information. If it does not, it is still not called
 * again. */
static void a_layer_that_passes_on_its_chain_starts_the_base(void **state)
{
  int error = 0x7777;

  passed_on = info_with(layer, 3, layer, bottom);
  passed_on.ProtocolChain.ChainEntries[2] = 1001;
  base_result = 0x7777;
  fake_provider.in_startup = pass_the_chain_on;
  assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, &passed_on, upcalls, &table), 0);
  assert_int_equal(fake_provider.startups, 1);
  assert_int_equal(base_result, 0);
  assert_true(base_table.lpWSPRecv != table.lpWSPRecv);
  assert_int_equal(base_table.lpWSPCleanup(&error), 0);
}

static void a_registered_chain_starts_its_own_startup(void **state)
{
  WSAPROTOCOL_INFOW chain = info_with(bottom, 2, layer, 1001);

  assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, &chain, upcalls, &table), 0);
  assert_int_equal(fake_provider.startups, 1);
  assert_memory_equal(&fake_provider.info, &chain, sizeof chain);
}

/* --- two registered entries at once ------------------------------------------------- */

static DWORD other;
static HANDLE entered, go;
static HANDLE other_thread;
static int other_result;

static int WSPAPI nesting_startup(WORD requested, LPWSPDATA unused_data, LPWSAPROTOCOL_INFOW info,
                                  WSPUPCALLTABLE given, LPWSPPROC_TABLE unused_table)
{
  WSAPROTOCOL_INFOW lower = info_with(bottom, 1, 0, 0);

  (void)info;
  return wsp_startup(requested, unused_data, &lower, given, unused_table);
}

static int WSPAPI waiting_startup(WORD requested, LPWSPDATA unused_data, LPWSAPROTOCOL_INFOW info,
                                  WSPUPCALLTABLE given, LPWSPPROC_TABLE unused_table)
{
  (void)requested;
  (void)unused_data;
  (void)info;
  (void)given;
  (void)unused_table;
  SetEvent(entered);
  return WaitForSingleObject(go, 20000) == WAIT_OBJECT_0 ? WSAEPROCLIM : WSAETIMEDOUT;
}

static DWORD register_other(LPWSPSTARTUP startup)
{
  WSAPROTOCOL_INFOW info;
  DWORD id = 0;
  int error;

  fake_provider_info(&info);
  assert_int_equal(Ws2SpiRegisterProvider(&info, startup, &id, &error), 0);
  return id;
}

static void a_provider_may_start_another_in_its_startup(void **state)
{
  WSAPROTOCOL_INFOW info;
  int error;

  other = register_other(nesting_startup);
  info = info_with(other, 1, 0, 0);
  assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, &info, upcalls, &table), 0);
  assert_int_equal(fake_provider.startups, 1);
  assert_int_equal(fake_provider.info.dwCatalogEntryId, bottom);
  assert_int_equal(Ws2SpiUnregisterProvider(other, &error), 0);
}

static DWORD WINAPI start_the_other(void *unused)
{
  WSAPROTOCOL_INFOW info = info_with(other, 1, 0, 0);
  WSPDATA own_data;
  WSPPROC_TABLE own_table;

  (void)unused;
  other_result = wsp_startup(MAKEWORD(2, 2), &own_data, &info, upcalls, &own_table);
  return 0;
}

static void let_the_other_end(void)
{
  SetEvent(go);
  WaitForSingleObject(other_thread, 20000);
}

static void the_first_to_begin_may_be_the_first_to_end(void **state)
{
  WSAPROTOCOL_INFOW info = info_with(bottom, 1, 0, 0);
  int error;

  other = register_other(waiting_startup);
  entered = CreateEventW(NULL, FALSE, FALSE, NULL);
  go = CreateEventW(NULL, FALSE, FALSE, NULL);
  other_result = 0x7777;
  other_thread = CreateThread(NULL, 0, start_the_other, NULL, 0, NULL);
  assert_int_equal(WaitForSingleObject(entered, 20000), WAIT_OBJECT_0);
  fake_provider.in_startup = let_the_other_end;
  assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, &info, upcalls, &table), 0);
  assert_int_equal(other_result, WSAEPROCLIM);
  /* No start counts as running any more. */
  fake_provider.in_startup = NULL;
  assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, &info, upcalls, &table), 0);
  assert_int_equal(fake_provider.startups, 2);
  CloseHandle(other_thread);
  CloseHandle(entered);
  CloseHandle(go);
  assert_int_equal(Ws2SpiUnregisterProvider(other, &error), 0);
}

static void a_chain_of_impossible_length_has_no_elements(void **state)
{
  WSAPROTOCOL_INFOW info = info_with(layer, MAX_PROTOCOL_CHAIN + 1, layer, bottom);
  int error;

  assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, &info, upcalls, &table), 0);
  assert_int_equal(fake_provider.startups, 0);
  assert_int_equal(table.lpWSPCleanup(&error), 0);
}

static void bad_information_is_a_fault(void **state)
{
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    if (bad->readable)
      continue;
    assert_int_equal(wsp_startup(MAKEWORD(2, 2), &data, bad->address, upcalls, &table), WSAEFAULT);
    assert_true(is_primed(&table));
  }
  assert_int_equal(fake_provider.startups, 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, prepare, clean_up)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(a_registered_entry_gets_all_arguments_unchanged),
      CASE(its_failure_is_passed_on),
      CASE(end_of_a_chain_gets_its_own_entry),
      CASE(a_layer_inside_a_chain_gets_the_chain_unchanged),
      CASE(a_layer_that_passes_on_its_chain_starts_the_base),
      CASE(a_registered_chain_starts_its_own_startup),
      CASE(a_provider_may_start_another_in_its_startup),
      CASE(the_first_to_begin_may_be_the_first_to_end),
      CASE(a_chain_of_impossible_length_has_no_elements),
      CASE(bad_information_is_a_fault),
  };

  return cmocka_run_group_tests(tests, find_export, NULL);
}
