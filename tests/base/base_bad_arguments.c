/* Every procedure with bad handles and bad pointers. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"
#include "support/loopback.h"

enum { PROCEDURES_WITH_SOCKET = 24 };

static char buffer[64];
static struct sockaddr_in address = {.sin_family = AF_INET};
static SOCKET pair[2];

/* Calls procedure number `which` with usable arguments apart from the two given. True: it failed.
 * */
static BOOL fails(int which, SOCKET s, LPINT error)
{
  WSABUF list = {sizeof buffer, buffer};
  WSAPROTOCOL_INFOW info;
  WSANETWORKEVENTS events;
  WSAOVERLAPPED overlapped = {.Internal = 0};
  QOS qos;
  DWORD count = 0;
  DWORD flags = 0;
  DWORD value = 0;
  int length = sizeof address;
  struct sockaddr_in name = address;
  struct sockaddr *at = (struct sockaddr *)&name;

  switch (which) {
  case 0:
    return base.lpWSPAccept(s, NULL, NULL, NULL, 0, error) == INVALID_SOCKET;
  case 1:
    return base.lpWSPAsyncSelect(s, NULL, 0, 0, error) == SOCKET_ERROR;
  case 2:
    return base.lpWSPBind(s, at, length, error) == SOCKET_ERROR;
  case 3:
    return base.lpWSPCloseSocket(s, error) == SOCKET_ERROR;
  case 4:
    return base.lpWSPConnect(s, at, length, NULL, NULL, NULL, NULL, error) == SOCKET_ERROR;
  case 5:
    return base.lpWSPDuplicateSocket(s, GetCurrentProcessId(), &info, error) == SOCKET_ERROR;
  case 6:
    return base.lpWSPEnumNetworkEvents(s, NULL, &events, error) == SOCKET_ERROR;
  case 7:
    return base.lpWSPEventSelect(s, NULL, 0, error) == SOCKET_ERROR;
  case 8:
    return !base.lpWSPGetOverlappedResult(s, &overlapped, &count, FALSE, &flags, error);
  case 9:
    return base.lpWSPGetPeerName(s, at, &length, error) == SOCKET_ERROR;
  case 10:
    return base.lpWSPGetSockName(s, at, &length, error) == SOCKET_ERROR;
  case 11:
    return base.lpWSPGetSockOpt(s, SOL_SOCKET, SO_TYPE, (char *)&value, &length, error) ==
           SOCKET_ERROR;
  case 12:
    return !base.lpWSPGetQOSByName(s, &list, &qos, error);
  case 13:
    return base.lpWSPIoctl(s, (DWORD)FIONREAD, NULL, 0, &value, sizeof value, &count, NULL, NULL,
                           NULL, error) == SOCKET_ERROR;
  case 14:
    return base.lpWSPJoinLeaf(s, at, length, NULL, NULL, NULL, NULL, JL_BOTH, error) ==
           INVALID_SOCKET;
  case 15:
    return base.lpWSPListen(s, 1, error) == SOCKET_ERROR;
  case 16:
    return base.lpWSPRecv(s, &list, 1, &count, &flags, NULL, NULL, NULL, error) == SOCKET_ERROR;
  case 17:
    return base.lpWSPRecvDisconnect(s, NULL, error) == SOCKET_ERROR;
  case 18:
    return base.lpWSPRecvFrom(s, &list, 1, &count, &flags, NULL, NULL, NULL, NULL, NULL, error) ==
           SOCKET_ERROR;
  case 19:
    return base.lpWSPSend(s, &list, 1, &count, 0, NULL, NULL, NULL, error) == SOCKET_ERROR;
  case 20:
    return base.lpWSPSendDisconnect(s, NULL, error) == SOCKET_ERROR;
  case 21:
    return base.lpWSPSendTo(s, &list, 1, &count, 0, at, length, NULL, NULL, NULL, error) ==
           SOCKET_ERROR;
  case 22:
    return base.lpWSPSetSockOpt(s, SOL_SOCKET, SO_RCVTIMEO, (char *)&value, sizeof value, error) ==
           SOCKET_ERROR;
  default:
    return base.lpWSPShutdown(s, SD_BOTH, error) == SOCKET_ERROR;
  }
}

static void every_procedure_refuses_a_handle_that_is_not_a_socket(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  const SOCKET none[] = {0, INVALID_SOCKET, 0x7f7f70, (SOCKET)event};

  for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
    for (int which = 0; which < PROCEDURES_WITH_SOCKET; which++) {
      int error = UNTOUCHED;

      assert_true(fails(which, none[i], &error));
      assert_int_equal(error, WSAENOTSOCK);
    }
  }
  CloseHandle(event);
}

/* The pair still works afterwards: nothing has been closed, shut down or received. */
static void a_bad_error_pointer_fails_every_procedure_before_it_acts(void **state)
{
  int error;

  new_pair(pair);
  must_send(pair[0], "kept");
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    for (int which = 0; which < PROCEDURES_WITH_SOCKET; which++)
      assert_true(fails(which, pair[1], bad_address(bad)));
  }
  memset(buffer, 0, sizeof buffer);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 4);
  assert_string_equal(buffer, "kept");
  assert_int_equal(transmit(pair[1], "back", 4, &error), 4);
  close_pair(pair);
}

static void bad_buffers_are_faults_and_lose_no_data(void **state)
{
  DWORD flags = 0;
  DWORD count = UNTOUCHED;
  int error = UNTOUCHED;

  new_pair(pair);
  must_send(pair[0], "kept");
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    WSABUF list = {16, bad_address(bad)};
    WSABUF good = {sizeof buffer, buffer};

    assert_int_equal(base.lpWSPRecv(pair[1], &list, 1, &count, &flags, NULL, NULL, NULL, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(
        base.lpWSPRecv(pair[1], &good, 1, &count, bad_address(bad), NULL, NULL, NULL, &error),
        SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(
        base.lpWSPRecv(pair[1], &good, 1, bad_address(bad), &flags, NULL, NULL, NULL, &error),
        SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    if (bad->readable)
      continue;
    assert_int_equal(
        base.lpWSPRecv(pair[1], bad_address(bad), 1, &count, &flags, NULL, NULL, NULL, &error),
        SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    list.buf = bad_address(bad);
    assert_int_equal(base.lpWSPSend(pair[1], &list, 1, &count, 0, NULL, NULL, NULL, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
  }
  assert_int_equal(count, UNTOUCHED);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 4);
  close_pair(pair);
}

static void bad_buffer_counts_are_invalid(void **state)
{
  WSABUF list = {sizeof buffer, buffer};
  DWORD flags = 0;
  DWORD count = UNTOUCHED;
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPRecv(pair[1], &list, 0, &count, &flags, NULL, NULL, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(base.lpWSPSend(pair[1], &list, 0xFFFFFFFF, &count, 0, NULL, NULL, NULL, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(count, UNTOUCHED);
  close_pair(pair);
}

static void a_bad_overlapped_structure_is_a_fault(void **state)
{
  WSABUF list = {sizeof buffer, buffer};
  DWORD flags = 0;
  DWORD count = UNTOUCHED;

  new_pair(pair);
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    int error = UNTOUCHED;

    if (bad->address == NULL)
      continue;
    assert_int_equal(
        base.lpWSPRecv(pair[1], &list, 1, &count, &flags, bad_address(bad), NULL, NULL, &error),
        SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
  }
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_procedure_refuses_a_handle_that_is_not_a_socket),
      cmocka_unit_test(a_bad_error_pointer_fails_every_procedure_before_it_acts),
      cmocka_unit_test(bad_buffers_are_faults_and_lose_no_data),
      cmocka_unit_test(bad_buffer_counts_are_invalid),
      cmocka_unit_test(a_bad_overlapped_structure_is_a_fault),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
