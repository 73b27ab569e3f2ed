/* Sizes and offsets of the SPI's structures, which providers and Ws2_32 must agree on across
 * compilers: ws2spi.h packs to 4 bytes on 32-bit Windows only. */
#include "support/cmocka_headers.h"

enum { POINTER = sizeof(void *) };

static void protocol_information_has_the_size_of_a_catalog_item(void **state)
{
  assert_int_equal(sizeof(WSAPROTOCOL_INFOW), 628);
  assert_int_equal(sizeof(WSAPROTOCOLCHAIN), 32);
  assert_int_equal(offsetof(WSAPROTOCOL_INFOW, dwProviderFlags), 16);
  assert_int_equal(offsetof(WSAPROTOCOL_INFOW, ProviderId), 20);
  assert_int_equal(offsetof(WSAPROTOCOL_INFOW, dwCatalogEntryId), 36);
  assert_int_equal(offsetof(WSAPROTOCOL_INFOW, ProtocolChain), 40);
  assert_int_equal(offsetof(WSAPROTOCOL_INFOW, iAddressFamily), 76);
  assert_int_equal(offsetof(WSAPROTOCOL_INFOW, dwMessageSize), 108);
  assert_int_equal(offsetof(WSAPROTOCOL_INFOW, szProtocol), 116);
}

static void startup_data_is_the_same_on_both_word_sizes(void **state)
{
  assert_int_equal(sizeof(WSPDATA), 516);
  assert_int_equal(offsetof(WSPDATA, szDescription), 4);
}

static void the_upcall_table_is_fifteen_pointers(void **state)
{
  assert_int_equal(sizeof(WSPUPCALLTABLE), 15 * POINTER);
  assert_int_equal(offsetof(WSPUPCALLTABLE, lpWPUQueryBlockingCallback), 8 * POINTER);
  assert_int_equal(offsetof(WSPUPCALLTABLE, lpWPUCloseThread), 14 * POINTER);
}

static void the_procedure_table_is_thirty_pointers(void **state)
{
  assert_int_equal(sizeof(WSPPROC_TABLE), 30 * POINTER);
  assert_int_equal(offsetof(WSPPROC_TABLE, lpWSPCancelBlockingCall), 4 * POINTER);
  /* These two are not in alphabetical order. */
  assert_int_equal(offsetof(WSPPROC_TABLE, lpWSPGetSockOpt), 14 * POINTER);
  assert_int_equal(offsetof(WSPPROC_TABLE, lpWSPGetQOSByName), 15 * POINTER);
  assert_int_equal(offsetof(WSPPROC_TABLE, lpWSPStringToAddress), 29 * POINTER);
}

static void thread_ids_and_overlapped_are_pointer_sized(void **state)
{
  assert_int_equal(sizeof(WSATHREADID), 2 * POINTER);
  assert_int_equal(sizeof(WSAOVERLAPPED), 8 + 3 * POINTER);
}

/* The ids by which a layer recognises requests for extension functions, as mswsock.h of the SDK has
 * them, byte by byte. */
static void extension_functions_have_the_sdks_ids(void **state)
{
  static const GUID rio = WSAID_MULTIPLE_RIO, send_msg = WSAID_WSASENDMSG, poll = WSAID_WSAPOLL;

  assert_memory_equal(&rio, "\x81\xe0\x09\x85\xdd\x96\x05\x40\xb1\x65\x9e\x2e\xe8\xc7\x9e\x3f",
                      sizeof rio);
  assert_memory_equal(&send_msg, "\x12\xe7\x41\xa4\x4f\x75\xca\x43\x84\xa7\x0d\xee\x44\xcf\x60\x6d",
                      sizeof send_msg);
  assert_memory_equal(&poll, "\x85\x6f\xc7\x18\x66\xdc\x64\x49\x97\x2e\x23\xc2\x72\x38\x31\x2b",
                      sizeof poll);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(protocol_information_has_the_size_of_a_catalog_item),
      cmocka_unit_test(startup_data_is_the_same_on_both_word_sizes),
      cmocka_unit_test(the_upcall_table_is_fifteen_pointers),
      cmocka_unit_test(the_procedure_table_is_thirty_pointers),
      cmocka_unit_test(thread_ids_and_overlapped_are_pointer_sized),
      cmocka_unit_test(extension_functions_have_the_sdks_ids),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
