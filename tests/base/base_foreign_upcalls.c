/* The base provider with an upcall table that is not Winsock's: a layer may pass functions of its
 * own down, and a failed query that they make must not disturb the blocking call. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"
#include "support/loopback.h"

static void *bad;
static volatile LONG queries;
static int bad_result, bad_error;

/* Queries with a bad context pointer first, then correctly. */
static int WSPAPI query_twice(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                              LPINT error)
{
  InterlockedIncrement(&queries);
  bad_result = WPUQueryBlockingCallback(id, callback, bad, &bad_error);
  return WPUQueryBlockingCallback(id, callback, context, error);
}

static int start_over_foreign_upcalls(void **state)
{
  const FARPROC found = GetProcAddress(GetModuleHandleW(L"ws2spi.dll"), "WSPStartup");
  WSAPROTOCOL_INFOW info = {.dwCatalogEntryId = TCP_ENTRY};
  LPWSPSTARTUP startup;
  WSPUPCALLTABLE upcalls;
  WSPDATA data;
  int error;

  info.ProtocolChain.ChainLen = BASE_PROTOCOL;
  bad = end_of_page(1);
  if (found == NULL || Ws2SpiGetUpcallTable(&upcalls, &error) != 0)
    return -1;
  memcpy(&startup, &found, sizeof startup);
  upcalls.lpWPUQueryBlockingCallback = query_twice;
  return startup(MAKEWORD(2, 2), &data, &info, upcalls, &base);
}

static int stop_it(void **state)
{
  int error;

  return base.lpWSPCleanup(&error);
}

static void a_query_that_fails_leaves_the_call_to_the_next(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  new_pair(pair);
  queries = 0;
  bad_result = bad_error = UNTOUCHED;
  install_hook(3, send_text, &pair[0]);
  assert_int_equal(receive(pair[1], &byte, 1, &error), 1);
  assert_int_equal(error, 0);
  assert_true(remove_hook() >= 3);
  assert_int_equal(queries, 1);
  assert_int_equal(bad_result, SOCKET_ERROR);
  assert_int_equal(bad_error, WSAEFAULT);
  close_pair(pair);
}

static void the_call_can_still_be_cancelled_by_its_hook(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  new_pair(pair);
  install_hook(2, cancel_here, NULL);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  assert_int_equal(remove_hook(), 2);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_query_that_fails_leaves_the_call_to_the_next),
      cmocka_unit_test(the_call_can_still_be_cancelled_by_its_hook),
  };

  return cmocka_run_group_tests(tests, start_over_foreign_upcalls, stop_it);
}
