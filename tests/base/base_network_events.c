/* WSPEventSelect, WSPEnumNetworkEvents, WSPAsyncSelect. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"
#include "support/message_window.h"

static void an_event_reports_data_until_it_is_read(void **state)
{
  SOCKET pair[2];
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  WSANETWORKEVENTS events;
  char buffer[8];
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPEventSelect(pair[1], event, FD_READ | FD_CLOSE, &error), 0);
  assert_int_equal(error, 0);
  must_send(pair[0], "data");
  assert_int_equal(WaitForSingleObject(event, LONG_TIME), WAIT_OBJECT_0);
  memset(&events, 0x5A, sizeof events);
  assert_int_equal(base.lpWSPEnumNetworkEvents(pair[1], event, &events, &error), 0);
  assert_int_equal(events.lNetworkEvents, FD_READ);
  assert_int_equal(events.iErrorCode[FD_READ_BIT], 0);
  assert_int_equal(events.iErrorCode[FD_QOS_BIT], 0x5A5A5A5A);
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  assert_int_equal(base.lpWSPEnumNetworkEvents(pair[1], NULL, &events, &error), 0);
  assert_int_equal(events.lNetworkEvents, 0);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 4);
  CloseHandle(event);
  close_pair(pair);
}

static void event_select_makes_the_socket_nonblocking(void **state)
{
  SOCKET pair[2];
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  char buffer[8];
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPEventSelect(pair[1], event, FD_READ, &error), 0);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  assert_int_equal(set_nonblocking(pair[1], 0, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  assert_int_equal(base.lpWSPEventSelect(pair[1], NULL, 0, &error), 0);
  assert_int_equal(set_nonblocking(pair[1], 0, &error), 0);
  set_timeout(pair[1], SO_RCVTIMEO, 20);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAETIMEDOUT);
  CloseHandle(event);
  close_pair(pair);
}

static void a_mask_without_an_event_is_refused(void **state)
{
  SOCKET pair[2];
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPEventSelect(pair[1], NULL, FD_READ, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  close_pair(pair);
}

static void a_bad_target_does_not_clear_the_record(void **state)
{
  SOCKET pair[2];
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  WSANETWORKEVENTS events;
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPEventSelect(pair[1], event, FD_READ, &error), 0);
  must_send(pair[0], "data");
  assert_int_equal(WaitForSingleObject(event, LONG_TIME), WAIT_OBJECT_0);
  assert_int_equal(base.lpWSPEnumNetworkEvents(pair[1], event, NULL, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(base.lpWSPEnumNetworkEvents(pair[1], event, &events, &error), 0);
  assert_int_equal(events.lNetworkEvents, FD_READ);
  CloseHandle(event);
  close_pair(pair);
}

enum { MESSAGE = WM_USER + 7 };

static void a_window_gets_a_message(void **state)
{
  const HWND window = new_message_window();
  SOCKET pair[2];
  MSG message = {0};
  char buffer[8];
  int error = UNTOUCHED;

  assert_non_null(window);
  new_pair(pair);
  assert_int_equal(base.lpWSPAsyncSelect(pair[1], window, MESSAGE, FD_READ, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  must_send(pair[0], "data");
  for (int i = 0; i < LONG_TIME && !PeekMessageW(&message, window, MESSAGE, MESSAGE, PM_REMOVE);
       i++)
    Sleep(1);
  assert_int_equal(message.message, MESSAGE);
  assert_true(message.wParam == pair[1]);
  assert_int_equal(WSAGETSELECTEVENT(message.lParam), FD_READ);
  assert_int_equal(WSAGETSELECTERROR(message.lParam), 0);
  assert_int_equal(base.lpWSPAsyncSelect(pair[1], window, 0, 0, &error), 0);
  DestroyWindow(window);
  close_pair(pair);
}

static void a_null_window_is_refused(void **state)
{
  SOCKET pair[2];
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPAsyncSelect(pair[1], NULL, MESSAGE, FD_READ, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_event_reports_data_until_it_is_read),
      cmocka_unit_test(event_select_makes_the_socket_nonblocking),
      cmocka_unit_test(a_mask_without_an_event_is_refused),
      cmocka_unit_test(a_bad_target_does_not_clear_the_record),
      cmocka_unit_test(a_window_gets_a_message),
      cmocka_unit_test(a_null_window_is_refused),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
