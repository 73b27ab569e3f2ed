/* WSPAsyncSelect through a chain: the client's window gets the client's message, with the
 * client's handle. */
#include "chains/chains.h"
#include "support/message_window.h"

enum { TOLD = WM_USER + 7, ASKED, MARK };

static HWND window;

static int register_for(SOCKET s, unsigned message, long events, int *error)
{
  *error = UNTOUCHED;
  return base.lpWSPAsyncSelect(s, window, message, events, error);
}

/* The next message of that number within a long time. */
static BOOL get_message(unsigned message, MSG *found)
{
  for (int i = 0; i < LONG_TIME; i++) {
    if (PeekMessageW(found, window, message, message, PM_REMOVE))
      return TRUE;
    MsgWaitForMultipleObjects(0, NULL, FALSE, 1, QS_ALLINPUT);
  }
  return FALSE;
}

static void assert_told(unsigned message, SOCKET s, int event)
{
  MSG found;

  do
    assert_true(get_message(message, &found));
  while (found.wParam != s || WSAGETSELECTEVENT(found.lParam) != event);
  assert_int_equal(WSAGETSELECTERROR(found.lParam), 0);
}

static BOOL is_told(unsigned message, SOCKET s, int event)
{
  MSG found;

  while (PeekMessageW(&found, window, message, message, PM_REMOVE))
    if (found.wParam == s && WSAGETSELECTEVENT(found.lParam) == event)
      return TRUE;
  return FALSE;
}

static void data_are_told_with_the_clients_handle(void **state)
{
  SOCKET pair[2];
  char buffer[8];
  int error;

  window = new_message_window();
  assert_non_null(window);
  new_pair(pair);
  assert_int_equal(register_for(pair[1], TOLD, FD_READ | FD_CLOSE, &error), 0);
  assert_int_equal(error, 0);
  must_send(pair[0], "one");
  assert_told(TOLD, pair[1], FD_READ);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 3);
  /* WSPRecv re-enables it. */
  must_send(pair[0], "two");
  assert_told(TOLD, pair[1], FD_READ);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 3);
  close_socket(pair[0]);
  assert_told(TOLD, pair[1], FD_CLOSE);
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
  assert_int_equal(register_for(pair[1], TOLD, FD_READ, &error), 0);
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
  assert_int_equal(register_for(pair[1], TOLD, FD_READ, &error), 0);
  assert_int_equal(register_for(pair[1], ASKED, FD_READ, &error), 0);
  must_send(pair[0], "x");
  assert_told(ASKED, pair[1], FD_READ);
  assert_false(is_told(TOLD, pair[1], FD_READ));
  close_pair(pair);
  DestroyWindow(window);
}

/* What comes by another socket afterwards shows that nothing is still under way. */
static void nothing_is_told_after_a_registration_for_nothing(void **state)
{
  SOCKET pair[2], other[2];
  int error;

  window = new_message_window();
  new_pair(pair);
  new_pair(other);
  assert_int_equal(register_for(pair[1], TOLD, FD_READ, &error), 0);
  assert_int_equal(register_for(other[1], TOLD, FD_READ, &error), 0);
  assert_int_equal(register_for(pair[1], 0, 0, &error), 0);
  must_send(pair[0], "x");
  must_send(other[0], "x");
  assert_told(TOLD, other[1], FD_READ);
  assert_false(is_told(TOLD, pair[1], FD_READ));
  close_pair(other);
  close_pair(pair);
  DestroyWindow(window);
}

static void an_accepted_socket_inherits_it(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET listener = new_listener(&address, &length);
  const SOCKET client = new_socket(AF_INET, SOCK_STREAM);
  SOCKET accepted;
  int error;

  window = new_message_window();
  assert_int_equal(register_for(listener, TOLD, FD_ACCEPT | FD_READ, &error), 0);
  assert_int_equal(base.lpWSPConnect(client, (struct sockaddr *)&address, length, NULL, NULL, NULL,
                                     NULL, &error),
                   0);
  must_send(client, "early");
  assert_told(TOLD, listener, FD_ACCEPT);
  accepted = base.lpWSPAccept(listener, NULL, NULL, NULL, 0, &error);
  assert_true(accepted != INVALID_SOCKET);
  assert_told(TOLD, accepted, FD_READ);
  close_socket(accepted);
  close_socket(client);
  close_socket(listener);
  DestroyWindow(window);
}

static void what_is_no_window_is_refused(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  char buffer[8];
  int error;

  window = new_message_window();
  DestroyWindow(window);
  assert_int_equal(register_for(s, TOLD, FD_READ, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(receive(s, buffer, sizeof buffer, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTCONN);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(data_are_told_with_the_clients_handle),
      cmocka_unit_test(the_mode_becomes_nonblocking),
      cmocka_unit_test(a_new_registration_replaces_the_old_one),
      cmocka_unit_test(nothing_is_told_after_a_registration_for_nothing),
      cmocka_unit_test(an_accepted_socket_inherits_it),
      cmocka_unit_test(what_is_no_window_is_refused),
  };
  /* Keeps the desktop alive between the tests. */
  const HWND first = new_message_window();
  const int failed = run_through_chains(tests, sizeof tests / sizeof tests[0]);

  DestroyWindow(first);
  return failed;
}
