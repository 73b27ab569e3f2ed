/* WPUPostMessage: ws2spi/nf-ws2spi-wpupostmessage. */
#include "support/cmocka_headers.h"

#include "support/message_window.h"

enum { MESSAGE = WM_APP + 3 };

static void a_message_reaches_the_queue_of_its_window(void **state)
{
  const HWND window = new_message_window();
  MSG message;

  assert_non_null(window);
  assert_true(WPUPostMessage(window, MESSAGE, 5, 6));
  assert_true(PeekMessageW(&message, window, MESSAGE, MESSAGE, PM_REMOVE));
  assert_int_equal(message.wParam, 5);
  assert_int_equal(message.lParam, 6);
  DestroyWindow(window);
}

static void a_window_that_is_gone_gets_false(void **state)
{
  const HWND window = new_message_window();

  assert_non_null(window);
  assert_true(DestroyWindow(window));
  assert_false(WPUPostMessage(window, MESSAGE, 5, 6));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_message_reaches_the_queue_of_its_window),
      cmocka_unit_test(a_window_that_is_gone_gets_false),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
