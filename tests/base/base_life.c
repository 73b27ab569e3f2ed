/* WSPStartup and WSPCleanup of the base provider, called as a layer calls them. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"
#include "support/blocked_call.h"
#include "support/loopback.h"

static LPWSPSTARTUP startup;
static WSPUPCALLTABLE upcalls;
static WSAPROTOCOL_INFOW info = {.dwCatalogEntryId = TCP_ENTRY};
static WSPDATA data;

static int load(void **state)
{
  const HMODULE module = GetModuleHandleW(L"ws2spi.dll");
  const FARPROC found = GetProcAddress(module, "WSPStartup");
  int error;

  memcpy(&startup, &found, sizeof startup);
  return startup == NULL || Ws2SpiGetUpcallTable(&upcalls, &error) != 0;
}

static int start(WORD version)
{
  memset(&data, 0x5A, sizeof data);
  memset(&base, 0, sizeof base);
  return startup(version, &data, &info, upcalls, &base);
}

static int cleanup(void)
{
  int error = UNTOUCHED;
  const int result = base.lpWSPCleanup(&error);

  assert_int_equal(result, error == 0 ? 0 : SOCKET_ERROR);
  return error;
}

static void versions_are_negotiated(void **state)
{
  static const struct {
    WORD requested;
    WORD agreed;
  } good[] = {{MAKEWORD(2, 0), MAKEWORD(2, 0)},
              {MAKEWORD(2, 1), MAKEWORD(2, 1)},
              {MAKEWORD(2, 2), MAKEWORD(2, 2)},
              {MAKEWORD(2, 9), MAKEWORD(2, 2)},
              {MAKEWORD(3, 0), MAKEWORD(2, 2)}};

  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    assert_int_equal(start(good[i].requested), 0);
    assert_int_equal(data.wVersion, good[i].agreed);
    assert_int_equal(data.wHighVersion, MAKEWORD(2, 2));
    assert_true(wcslen(data.szDescription) < 256);
    assert_int_equal(cleanup(), 0);
  }
  assert_int_equal(start(MAKEWORD(1, 1)), WSAVERNOTSUPPORTED);
  assert_int_equal(start(MAKEWORD(1, 9)), WSAVERNOTSUPPORTED);
  assert_int_equal(data.wVersion, 0x5A5A);
  assert_null(base.lpWSPCleanup);
}

static void all_thirty_procedures_are_filled_in(void **state)
{
  void *procedures[30];

  assert_int_equal(sizeof base, sizeof procedures);
  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  memcpy(procedures, &base, sizeof procedures);
  for (int i = 0; i < 30; i++)
    assert_non_null(procedures[i]);
  assert_int_equal(cleanup(), 0);
}

static void bad_arguments_are_faults_and_are_not_counted_as_starts(void **state)
{
  WSPUPCALLTABLE incomplete = upcalls;
  WSPPROC_TABLE table;

  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    assert_int_equal(startup(MAKEWORD(2, 2), bad_address(bad), &info, upcalls, &table), WSAEFAULT);
    assert_int_equal(startup(MAKEWORD(2, 2), &data, &info, upcalls, bad_address(bad)), WSAEFAULT);
    if (!bad->readable)
      assert_int_equal(startup(MAKEWORD(2, 2), &data, bad_address(bad), upcalls, &table),
                       WSAEFAULT);
  }
  incomplete.lpWPUQueryBlockingCallback = NULL;
  assert_int_equal(startup(MAKEWORD(2, 2), &data, &info, incomplete, &table), WSAEFAULT);
  assert_int_equal(cleanup(), 0);
  assert_int_equal(cleanup(), WSANOTINITIALISED);
}

static void every_start_needs_a_cleanup(void **state)
{
  fd_set set = {1, {0}};
  int error = UNTOUCHED;

  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  assert_int_equal(cleanup(), 0);
  close_socket(new_socket(AF_INET, SOCK_STREAM));
  assert_int_equal(cleanup(), 0);
  assert_int_equal(cleanup(), WSANOTINITIALISED);
  assert_true(base.lpWSPSocket(AF_INET, SOCK_STREAM, 0, NULL, 0, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAENETDOWN);
  assert_int_equal(base.lpWSPSelect(0, &set, NULL, NULL, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENETDOWN);
  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  close_socket(new_socket(AF_INET, SOCK_STREAM));
  assert_int_equal(cleanup(), 0);
}

static void the_last_cleanup_ends_calls_and_sockets(void **state)
{
  SOCKET pair[2];
  struct blocked_call call;
  int error = UNTOUCHED;

  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  new_pair(pair);
  start_call_and_wait_for_hook(&call, blocked_receive, pair[1]);
  assert_int_equal(cleanup(), 0);
  join_failed_call(&call, WSAEINTR);
  assert_int_equal(base.lpWSPCloseSocket(pair[0], &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
}

/* Only a WSPCloseSocket makes a select report its socket as ready. */
static void the_last_cleanup_interrupts_a_select(void **state)
{
  struct blocked_call call;

  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  start_call_and_wait_for_hook(&call, blocked_select, new_socket(AF_INET, SOCK_DGRAM));
  assert_int_equal(cleanup(), 0);
  join_failed_call(&call, WSAEINTR);
}

/* Adopted: used through the provider, but not made by it. Winsock stays started as version 1.1,
 * which allows hooks, for the rest of the program. */
static void the_last_cleanup_leaves_adopted_sockets_open(void **state)
{
  WSADATA system;
  struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  SOCKET s;
  int type = 0;
  int length = sizeof type;
  int error = UNTOUCHED;

  assert_int_equal(WSAStartup(MAKEWORD(1, 1), &system), 0);
  s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  assert_int_equal(base.lpWSPBind(s, (struct sockaddr *)&loopback, sizeof loopback, &error), 0);
  assert_int_equal(cleanup(), 0);
  assert_int_equal(getsockopt(s, SOL_SOCKET, SO_TYPE, (char *)&type, &length), 0);
  assert_int_equal(type, SOCK_STREAM);
  assert_int_equal(closesocket(s), 0);
}

static struct {
  int startup;
  int cleanup;
} in_hook;

static void start_and_clean_up(void *unused)
{
  WSPPROC_TABLE table;

  (void)unused;
  in_hook.startup = startup(MAKEWORD(2, 2), &data, &info, upcalls, &table);
  base.lpWSPCleanup(&in_hook.cleanup);
  cancel_here(NULL);
}

static void startup_and_cleanup_are_refused_inside_the_hook(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  new_pair(pair);
  install_hook(1, start_and_clean_up, NULL);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINTR);
  remove_hook();
  assert_int_equal(in_hook.startup, WSAEINPROGRESS);
  assert_int_equal(in_hook.cleanup, WSAEINPROGRESS);
  close_pair(pair);
  assert_int_equal(cleanup(), 0);
}

/* --- the upcalls it makes ------------------------------------------------------------- */

static struct {
  LONG queries;
  LONG registrations;
  DWORD id;
  SOCKET handle;
  int fail_with;
} seen;

static int WSPAPI watched_query(DWORD id, LPBLOCKINGCALLBACK *callback, PDWORD_PTR context,
                                LPINT error)
{
  seen.queries++;
  seen.id = id;
  if (seen.fail_with == 0)
    return upcalls.lpWPUQueryBlockingCallback(id, callback, context, error);
  *error = seen.fail_with;
  return SOCKET_ERROR;
}

static SOCKET WSPAPI watched_registration(DWORD id, SOCKET handle, LPINT error)
{
  seen.registrations++;
  seen.id = id;
  seen.handle = handle;
  if (seen.fail_with == 0)
    return upcalls.lpWPUModifyIFSHandle(id, handle, error);
  *error = seen.fail_with;
  return INVALID_SOCKET;
}

static void start_watched(void)
{
  WSPUPCALLTABLE watched = upcalls;

  watched.lpWPUQueryBlockingCallback = watched_query;
  watched.lpWPUModifyIFSHandle = watched_registration;
  memset(&seen, 0, sizeof seen);
  assert_int_equal(startup(MAKEWORD(2, 2), &data, &info, watched, &base), 0);
}

static void every_new_socket_is_registered_under_its_entry(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  SOCKET udp;
  SOCKET pair[2];

  assert_int_equal(start(MAKEWORD(2, 2)), 0);
  start_watched(); /* the upcall table of the most recent start is used */
  udp = new_bound(AF_INET, SOCK_DGRAM, &address, &length);
  assert_int_equal(seen.registrations, 1);
  assert_int_equal(seen.id, UDP_ENTRY);
  assert_true(seen.handle == udp);
  new_pair(pair);
  assert_int_equal(seen.registrations, 4);
  assert_int_equal(seen.id, TCP_ENTRY);
  assert_true(seen.handle == pair[1]);
  close_pair(pair);
  close_socket(udp);
  assert_int_equal(cleanup(), 0);
  assert_int_equal(cleanup(), 0);
}

static void a_failed_registration_makes_no_socket(void **state)
{
  int error = UNTOUCHED;

  start_watched();
  seen.fail_with = WSAENOBUFS;
  assert_true(base.lpWSPSocket(AF_INET, SOCK_DGRAM, 0, NULL, 0, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAENOBUFS);
  assert_int_equal(seen.registrations, 1);
  assert_int_equal(closesocket(seen.handle), SOCKET_ERROR);
  assert_int_equal(cleanup(), 0);
}

static void the_callback_is_queried_only_when_a_call_waits(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  start_watched();
  new_pair(pair);
  must_send(pair[0], "x");
  seen.queries = 0;
  assert_int_equal(receive(pair[1], &byte, 1, &error), 1);
  assert_int_equal(seen.queries, 0);
  set_timeout(pair[1], SO_RCVTIMEO, 30);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  assert_int_equal(seen.queries, 1);
  assert_int_equal(seen.id, TCP_ENTRY);
  seen.fail_with = WSAEINVAL;
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(seen.queries, 2);
  must_send(pair[0], "y");
  assert_int_equal(receive(pair[1], &byte, 1, &error), 1);
  close_pair(pair);
  assert_int_equal(cleanup(), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(versions_are_negotiated),
      cmocka_unit_test(all_thirty_procedures_are_filled_in),
      cmocka_unit_test(bad_arguments_are_faults_and_are_not_counted_as_starts),
      cmocka_unit_test(every_start_needs_a_cleanup),
      cmocka_unit_test(the_last_cleanup_ends_calls_and_sockets),
      cmocka_unit_test(the_last_cleanup_interrupts_a_select),
      cmocka_unit_test(the_last_cleanup_leaves_adopted_sockets_open),
      cmocka_unit_test(startup_and_cleanup_are_refused_inside_the_hook),
      cmocka_unit_test(every_new_socket_is_registered_under_its_entry),
      cmocka_unit_test(a_failed_registration_makes_no_socket),
      cmocka_unit_test(the_callback_is_queried_only_when_a_call_waits),
  };
  int error = UNTOUCHED;

  /* Makes the program import ws2spi.dll: WSPStartup alone would not, as no import library has it.
   * */
  Ws2SpiCancelBlockingCall(0, &error);
  return cmocka_run_group_tests(tests, load, NULL);
}
