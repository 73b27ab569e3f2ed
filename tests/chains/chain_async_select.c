/* WSPAsyncSelect through a chain. The client's window gets the message that the client chose, with
 * the client's handle. */
#include "chains/chains.h"
#include "support/message_window.h"

enum { FIRST_MESSAGE = WM_USER + 7, SECOND_MESSAGE };

static HWND window;

static int register_window(SOCKET s, unsigned message, long events, int *error)
{
  *error = UNTOUCHED;
  return base.lpWSPAsyncSelect(s, window, message, events, error);
}

/* Waits for the next message with this number. False: none came. */
static BOOL get_message(unsigned message, MSG *found)
{
  for (int i = 0; i < LONG_TIME; i++) {
    if (PeekMessageW(found, window, message, message, PM_REMOVE))
      return TRUE;
    MsgWaitForMultipleObjects(0, NULL, FALSE, 1, QS_ALLINPUT);
  }
  return FALSE;
}

static void assert_announced(unsigned message, SOCKET s, int event)
{
  MSG found;

  do
    assert_true(get_message(message, &found));
  while (found.wParam != s || WSAGETSELECTEVENT(found.lParam) != event);
  assert_int_equal(WSAGETSELECTERROR(found.lParam), 0);
}

static BOOL is_announced(unsigned message, SOCKET s, int event)
{
  MSG found;

  while (PeekMessageW(&found, window, message, message, PM_REMOVE))
    if (found.wParam == s && WSAGETSELECTEVENT(found.lParam) == event)
      return TRUE;
  return FALSE;
}

static void data_is_announced_with_the_clients_handle(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  window = new_message_window();
  assert_non_null(window);
  new_pair(pair);
  assert_int_equal(register_window(pair[1], FIRST_MESSAGE, FD_READ | FD_CLOSE, &error), 0);
  assert_int_equal(error, 0);
  must_send(pair[0], "one");
  assert_announced(FIRST_MESSAGE, pair[1], FD_READ);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 3);
  /* WSPRecv re-enables it. */
  must_send(pair[0], "two");
  assert_announced(FIRST_MESSAGE, pair[1], FD_READ);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 3);
  close_socket(pair[0]);
  assert_announced(FIRST_MESSAGE, pair[1], FD_CLOSE);
  close_socket(pair[1]);
  DestroyWindow(window);
}

static void the_mode_becomes_nonblocking(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  window = new_message_window();
  new_pair(pair);
  assert_int_equal(register_window(pair[1], FIRST_MESSAGE, FD_READ, &error), 0);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  close_pair(pair);
  DestroyWindow(window);
}

static void a_new_registration_replaces_the_old_one(void **state)
{
  SOCKET pair[2];
  int error;

  window = new_message_window();
  new_pair(pair);
  assert_int_equal(register_window(pair[1], FIRST_MESSAGE, FD_READ, &error), 0);
  assert_int_equal(register_window(pair[1], SECOND_MESSAGE, FD_READ, &error), 0);
  must_send(pair[0], "x");
  assert_announced(SECOND_MESSAGE, pair[1], FD_READ);
  assert_false(is_announced(FIRST_MESSAGE, pair[1], FD_READ));
  close_pair(pair);
  DestroyWindow(window);
}

/* The message for another socket comes later, so none is on its way any more. */
static void a_registration_without_events_stops_the_messages(void **state)
{
  SOCKET pair[2], other[2];
  int error;

  window = new_message_window();
  new_pair(pair);
  new_pair(other);
  assert_int_equal(register_window(pair[1], FIRST_MESSAGE, FD_READ, &error), 0);
  assert_int_equal(register_window(other[1], FIRST_MESSAGE, FD_READ, &error), 0);
  assert_int_equal(register_window(pair[1], 0, 0, &error), 0);
  must_send(pair[0], "x");
  must_send(other[0], "x");
  assert_announced(FIRST_MESSAGE, other[1], FD_READ);
  assert_false(is_announced(FIRST_MESSAGE, pair[1], FD_READ));
  close_pair(other);
  close_pair(pair);
  DestroyWindow(window);
}

static void an_accepted_socket_inherits_the_registration(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET listener = new_listener(&address, &length);
  const SOCKET client = new_socket(AF_INET, SOCK_STREAM);
  SOCKET accepted;
  int error;

  window = new_message_window();
  assert_int_equal(register_window(listener, FIRST_MESSAGE, FD_ACCEPT | FD_READ, &error), 0);
  assert_int_equal(base.lpWSPConnect(client, (struct sockaddr *)&address, length, NULL, NULL, NULL,
                                     NULL, &error),
                   0);
  must_send(client, "early");
  assert_announced(FIRST_MESSAGE, listener, FD_ACCEPT);
  accepted = base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  assert_true(accepted != INVALID_SOCKET);
  assert_announced(FIRST_MESSAGE, accepted, FD_READ);
  close_socket(accepted);
  close_socket(client);
  close_socket(listener);
  DestroyWindow(window);
}

static void a_destroyed_window_is_refused(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  char buffer[8];
  int error;

  window = new_message_window();
  DestroyWindow(window);
  assert_int_equal(register_window(s, FIRST_MESSAGE, FD_READ, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(receive(s, buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTCONN);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(data_is_announced_with_the_clients_handle),
      cmocka_unit_test(the_mode_becomes_nonblocking),
      cmocka_unit_test(a_new_registration_replaces_the_old_one),
      cmocka_unit_test(a_registration_without_events_stops_the_messages),
      cmocka_unit_test(an_accepted_socket_inherits_the_registration),
      cmocka_unit_test(a_destroyed_window_is_refused),
  };
  /* Keeps the desktop from being destroyed between two tests. */
  const HWND first = new_message_window();
  const int failed = run_through_chains(tests, sizeof tests / sizeof tests[0]);

  DestroyWindow(first);
  return failed;
}
