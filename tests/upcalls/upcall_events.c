/* WPUCreateEvent, WPUSetEvent, WPUResetEvent, WPUCloseEvent: ws2spi/nf-ws2spi-wpucreateevent. */
#include "support/cmocka_headers.h"

#include "support/bad_memory.h"

enum { UNTOUCHED = 0x5A5A };

typedef WINBOOL(WSPAPI *event_upcall)(WSAEVENT, LPINT);

static const event_upcall ON_AN_EVENT[] = {WPUSetEvent, WPUResetEvent, WPUCloseEvent};

static int is_signalled(WSAEVENT event)
{
  return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

static void a_new_event_is_manual_reset_and_not_signalled(void **state)
{
  int error = UNTOUCHED;
  const WSAEVENT event = WPUCreateEvent(&error);

  assert_non_null(event);
  assert_int_equal(error, UNTOUCHED);
  assert_false(is_signalled(event));
  assert_true(SetEvent(event)); /* a Winsock event is a Win32 event */
  assert_true(is_signalled(event));
  assert_true(is_signalled(event)); /* a wait does not reset it */
  assert_true(WPUCloseEvent(event, &error));
}

static void set_signals_and_reset_clears(void **state)
{
  int error = UNTOUCHED;
  const WSAEVENT event = WPUCreateEvent(&error);

  error = UNTOUCHED;
  assert_true(WPUSetEvent(event, &error));
  assert_int_equal(error, UNTOUCHED);
  assert_true(is_signalled(event));
  error = UNTOUCHED;
  assert_true(WPUResetEvent(event, &error));
  assert_int_equal(error, UNTOUCHED);
  assert_false(is_signalled(event));
  assert_true(WPUCloseEvent(event, &error));
}

static void a_closed_event_is_an_invalid_handle(void **state)
{
  int error = UNTOUCHED;
  const WSAEVENT event = WPUCreateEvent(&error);

  error = UNTOUCHED;
  assert_true(WPUCloseEvent(event, &error));
  assert_int_equal(error, UNTOUCHED);
  for (size_t i = 0; i < 3; i++) {
    error = UNTOUCHED;
    assert_false(ON_AN_EVENT[i](event, &error));
    assert_int_equal(error, WSA_INVALID_HANDLE);
  }
}

static void a_handle_that_is_no_event_is_invalid(void **state)
{
  const WSAEVENT invalid[] = {WSA_INVALID_EVENT, (WSAEVENT)(uintptr_t)0xDEADBEE0};

  for (size_t i = 0; i < 2; i++) {
    for (size_t j = 0; j < 3; j++) {
      int error = UNTOUCHED;

      assert_false(ON_AN_EVENT[j](invalid[i], &error));
      assert_int_equal(error, WSA_INVALID_HANDLE);
    }
  }
}

static void another_kind_of_object_can_be_neither_set_nor_reset(void **state)
{
  const HANDLE mutex = CreateMutexW(NULL, FALSE, NULL);
  int error = UNTOUCHED;

  assert_false(WPUSetEvent(mutex, &error));
  assert_int_equal(error, WSA_INVALID_HANDLE);
  error = UNTOUCHED;
  assert_false(WPUResetEvent(mutex, &error));
  assert_int_equal(error, WSA_INVALID_HANDLE);
  CloseHandle(mutex);
}

static void a_bad_error_pointer_fails_and_does_nothing(void **state)
{
  int error;
  const WSAEVENT event = WPUCreateEvent(&error);

  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    print_message("error pointer: %s\n", bad->kind);
    assert_null(WPUCreateEvent(bad_address(bad)));
    assert_false(WPUSetEvent(event, bad_address(bad)));
    assert_false(is_signalled(event));
    assert_false(WPUCloseEvent(event, bad_address(bad)));
  }
  assert_true(WPUSetEvent(event, &error));
  for (const struct bad_pointer *bad = bad_pointers(); bad->kind != NULL; bad++) {
    assert_false(WPUResetEvent(event, bad_address(bad)));
    assert_true(is_signalled(event));
  }
  assert_true(WPUCloseEvent(event, &error));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_new_event_is_manual_reset_and_not_signalled),
      cmocka_unit_test(set_signals_and_reset_clears),
      cmocka_unit_test(a_closed_event_is_an_invalid_handle),
      cmocka_unit_test(a_handle_that_is_no_event_is_invalid),
      cmocka_unit_test(another_kind_of_object_can_be_neither_set_nor_reset),
      cmocka_unit_test(a_bad_error_pointer_fails_and_does_nothing),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
