/* Ws2SpiSetUpcallTable: each of the fifteen upcalls by name calls the table that was set, with
 * its arguments and results unchanged (decision D10). */
#include "support/cmocka_headers.h"

static struct {
  const char *name;
  uintptr_t argument[5];
  size_t count;
} seen;

static int error_cell;

static void record(const char *name, size_t count, const uintptr_t *arguments)
{
  seen.name = name;
  seen.count = count;
  memcpy(seen.argument, arguments, count * sizeof arguments[0]);
}

#define RECORD(name, ...)                                                                          \
  do {                                                                                             \
    const uintptr_t arguments[] = {__VA_ARGS__};                                                   \
    record(name, sizeof arguments / sizeof arguments[0], arguments);                               \
  } while (0)

static WINBOOL WSPAPI close_event(WSAEVENT event, LPINT e)
{
  RECORD("CloseEvent", (uintptr_t)event, (uintptr_t)e);
  return 11;
}
static int WSPAPI close_socket_handle(SOCKET s, LPINT e)
{
  RECORD("CloseSocketHandle", s, (uintptr_t)e);
  return 12;
}
static WSAEVENT WSPAPI create_event(LPINT e)
{
  RECORD("CreateEvent", (uintptr_t)e);
  return (WSAEVENT)(uintptr_t)13;
}
static SOCKET WSPAPI create_socket_handle(DWORD id, DWORD_PTR context, LPINT e)
{
  RECORD("CreateSocketHandle", id, context, (uintptr_t)e);
  return 14;
}
static int WSPAPI fd_is_set(SOCKET s, fd_set *set)
{
  RECORD("FDIsSet", s, (uintptr_t)set);
  return 15;
}
static int WSPAPI get_provider_path(LPGUID id, WCHAR *path, LPINT length, LPINT e)
{
  RECORD("GetProviderPath", (uintptr_t)id, (uintptr_t)path, (uintptr_t)length, (uintptr_t)e);
  return 16;
}
static SOCKET WSPAPI modify_ifs_handle(DWORD id, SOCKET s, LPINT e)
{
  RECORD("ModifyIFSHandle", id, s, (uintptr_t)e);
  return 17;
}
static WINBOOL WSPAPI post_message(HWND window, UINT message, WPARAM w, LPARAM l)
{
  RECORD("PostMessage", (uintptr_t)window, message, w, (uintptr_t)l);
  return 18;
}
static int WSPAPI query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback,
                                          PDWORD_PTR context, LPINT e)
{
  RECORD("QueryBlockingCallback", id, (uintptr_t)callback, (uintptr_t)context, (uintptr_t)e);
  return 19;
}
static int WSPAPI query_socket_handle_context(SOCKET s, PDWORD_PTR context, LPINT e)
{
  RECORD("QuerySocketHandleContext", s, (uintptr_t)context, (uintptr_t)e);
  return 20;
}
static int WSPAPI queue_apc(LPWSATHREADID thread, LPWSAUSERAPC apc, DWORD_PTR context, LPINT e)
{
  RECORD("QueueApc", (uintptr_t)thread, (uintptr_t)apc, context, (uintptr_t)e);
  return 21;
}
static WINBOOL WSPAPI reset_event(WSAEVENT event, LPINT e)
{
  RECORD("ResetEvent", (uintptr_t)event, (uintptr_t)e);
  return 22;
}
static WINBOOL WSPAPI set_event(WSAEVENT event, LPINT e)
{
  RECORD("SetEvent", (uintptr_t)event, (uintptr_t)e);
  return 23;
}
static int WSPAPI open_current_thread(LPWSATHREADID thread, LPINT e)
{
  RECORD("OpenCurrentThread", (uintptr_t)thread, (uintptr_t)e);
  return 24;
}
static int WSPAPI close_thread(LPWSATHREADID thread, LPINT e)
{
  RECORD("CloseThread", (uintptr_t)thread, (uintptr_t)e);
  return 25;
}

static const WSPUPCALLTABLE recording = {
    close_event,
    close_socket_handle,
    create_event,
    create_socket_handle,
    fd_is_set,
    get_provider_path,
    modify_ifs_handle,
    post_message,
    query_blocking_callback,
    query_socket_handle_context,
    queue_apc,
    reset_event,
    set_event,
    open_current_thread,
    close_thread,
};

static void assert_seen(const char *name, size_t count, const uintptr_t *arguments)
{
  assert_non_null(seen.name);
  assert_string_equal(seen.name, name);
  assert_int_equal(seen.count, count);
  assert_memory_equal(seen.argument, arguments, count * sizeof arguments[0]);
  seen.name = NULL;
}

#define ASSERT_FORWARDED(name, result, call, ...)                                                  \
  do {                                                                                             \
    const uintptr_t expected[] = {__VA_ARGS__};                                                    \
    assert_true((uintptr_t)(call) == (result));                                                    \
    assert_seen(name, sizeof expected / sizeof expected[0], expected);                             \
  } while (0)

/* The arguments are only passed on, so they need not be valid. */
static void all_fifteen_are_forwarded_unchanged(void **state)
{
  const uintptr_t e = (uintptr_t)&error_cell;
  LPINT pe = &error_cell;

  ASSERT_FORWARDED("CloseEvent", 11, WPUCloseEvent((WSAEVENT)(uintptr_t)101, pe), 101, e);
  ASSERT_FORWARDED("CloseSocketHandle", 12, WPUCloseSocketHandle(102, pe), 102, e);
  ASSERT_FORWARDED("CreateEvent", 13, WPUCreateEvent(pe), e);
  ASSERT_FORWARDED("CreateSocketHandle", 14, WPUCreateSocketHandle(104, UINTPTR_MAX, pe), 104,
                   UINTPTR_MAX, e);
  ASSERT_FORWARDED("FDIsSet", 15, WPUFDIsSet(105, (fd_set *)(uintptr_t)205), 105, 205);
  ASSERT_FORWARDED("GetProviderPath", 16,
                   WPUGetProviderPath((LPGUID)(uintptr_t)106, (WCHAR *)(uintptr_t)206,
                                      (LPINT)(uintptr_t)306, pe),
                   106, 206, 306, e);
  ASSERT_FORWARDED("ModifyIFSHandle", 17, WPUModifyIFSHandle(107, 207, pe), 107, 207, e);
  ASSERT_FORWARDED("PostMessage", 18, WPUPostMessage((HWND)(uintptr_t)108, 208, 308, 408), 108, 208,
                   308, 408);
  ASSERT_FORWARDED("QueryBlockingCallback", 19,
                   WPUQueryBlockingCallback(109, (LPBLOCKINGCALLBACK *)(uintptr_t)209,
                                            (PDWORD_PTR)(uintptr_t)309, pe),
                   109, 209, 309, e);
  ASSERT_FORWARDED("QuerySocketHandleContext", 20,
                   WPUQuerySocketHandleContext(110, (PDWORD_PTR)(uintptr_t)210, pe), 110, 210, e);
  ASSERT_FORWARDED(
      "QueueApc", 21,
      WPUQueueApc((LPWSATHREADID)(uintptr_t)111, (LPWSAUSERAPC)(uintptr_t)211, UINTPTR_MAX - 1, pe),
      111, 211, UINTPTR_MAX - 1, e);
  ASSERT_FORWARDED("ResetEvent", 22, WPUResetEvent((WSAEVENT)(uintptr_t)112, pe), 112, e);
  ASSERT_FORWARDED("SetEvent", 23, WPUSetEvent((WSAEVENT)(uintptr_t)113, pe), 113, e);
  ASSERT_FORWARDED("OpenCurrentThread", 24, WPUOpenCurrentThread((LPWSATHREADID)(uintptr_t)114, pe),
                   114, e);
  ASSERT_FORWARDED("CloseThread", 25, WPUCloseThread((LPWSATHREADID)(uintptr_t)115, pe), 115, e);
}

static int set_recording(void **state)
{
  int error;

  return Ws2SpiSetUpcallTable(&recording, &error);
}

static int reset(void **state)
{
  int error;

  return Ws2SpiSetUpcallTable(NULL, &error);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(all_fifteen_are_forwarded_unchanged, set_recording, reset),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
