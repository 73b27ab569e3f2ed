/* WSPIoctl: the codes that return descriptors. */
#include "chains/chains.h"

#include <mswsock.h>
#include <wchar.h>

static int ioctl(SOCKET s, DWORD code, void *in, DWORD in_size, void *out, DWORD out_size,
                 DWORD *returned, int *error)
{
  *returned = UNTOUCHED;
  *error = UNTOUCHED;
  return base.lpWSPIoctl(s, code, in, in_size, out, out_size, returned, NULL, NULL, NULL, error);
}

static SOCKET handle_by(SOCKET s, DWORD code)
{
  SOCKET handle = INVALID_SOCKET;
  DWORD returned;
  int error;

  assert_int_equal(ioctl(s, code, NULL, 0, &handle, sizeof handle, &returned, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(returned, sizeof handle);
  return handle;
}

static void the_base_handle_comes_from_the_base(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  const SOCKET handle = handle_by(s, SIO_BASE_HANDLE);
  int type = 0, length = sizeof type;

  /* The system accepts it as a socket. */
  assert_int_equal(getsockopt(handle, SOL_SOCKET, SO_TYPE, (char *)&type, &length), 0);
  assert_int_equal(type, SOCK_STREAM);
  assert_true(handle_by(s, SIO_BSP_HANDLE_POLL) == handle);
  close_socket(s);
}

static void messages_and_selects_come_to_the_layer(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);

  assert_true(handle_by(s, SIO_BSP_HANDLE) == s);
  assert_true(handle_by(s, SIO_BSP_HANDLE_SELECT) == s);
  close_socket(s);
}

static const DWORD codes[] = {SIO_BASE_HANDLE, SIO_BSP_HANDLE, SIO_BSP_HANDLE_SELECT,
                              SIO_BSP_HANDLE_POLL};

static void too_little_room_is_refused(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  SOCKET handle = UNTOUCHED;
  DWORD returned;
  int error;

  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    assert_int_equal(ioctl(s, codes[i], NULL, 0, &handle, sizeof handle - 1, &returned, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(ioctl(s, codes[i], NULL, 0, NULL, sizeof handle, &returned, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(returned, UNTOUCHED);
    assert_int_equal(handle, UNTOUCHED);
  }
  close_socket(s);
}

/* Winsock uses this code for handles that a provider has made, and for no others. */
static void the_plug_and_play_target_is_the_socket_below(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  SOCKET below;

  if (chain.own_handles) {
    below = handle_by(s, SIO_QUERY_TARGET_PNP_HANDLE);
    assert_true(below != s);
    /* With one layer, or with an IFS layer below, it is the base provider's socket. */
    assert_int_equal(below == system_handle(s),
                     chain.layers[1] == NULL ||
                         wcscmp(chain.layers[1], L"layered_provider.dll") == 0);
  }
  close_socket(s);
}

static void a_message_goes_through_the_layer(void **state)
{
  struct sockaddr_in here, there;
  char data[] = "message", buffer[16];
  WSABUF list = {7, data}, in = {sizeof buffer, buffer};
  WSAMSG what = {.namelen = sizeof there, .lpBuffers = &list, .dwBufferCount = 1};
  DWORD sent = UNTOUCHED, returned, received, flags = 0, stored = UNTOUCHED;
  WSASENDMSG message = {&what, 0, &sent, NULL, NULL};
  SOCKET sender, receiver;
  int error;

  use_udp();
  sender = new_datagram(&here);
  receiver = new_datagram(&there);
  what.name = (struct sockaddr *)&there;
  if (chain.own_handles) {
    assert_int_equal(ioctl(sender, SIO_EXT_SENDMSG, &message, sizeof message - 1, &stored,
                           sizeof stored, &returned, &error),
                     SOCKET_ERROR);
    assert_int_equal(error, WSAEFAULT);
    assert_int_equal(ioctl(sender, SIO_EXT_SENDMSG, &message, sizeof message, &stored,
                           sizeof stored, &returned, &error),
                     0);
    assert_int_equal(sent, 7);
    assert_int_equal(stored, 0);
    assert_int_equal(base.lpWSPRecv(receiver, &in, 1, &received, &flags, NULL, NULL, NULL, &error),
                     0);
    assert_int_equal(received, 7);
    assert_memory_equal(buffer, "message", 7);
  }
  close_socket(receiver);
  close_socket(sender);
}

static void an_unknown_extension_is_refused(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  GUID unknown = {1, 2, 3, {4}}, known = WSAID_ACCEPTEX;
  void *function = NULL;
  DWORD returned;
  int error;

  assert_int_equal(ioctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &unknown, sizeof unknown, &function,
                         sizeof function, &returned, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
  assert_int_equal(ioctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &known, sizeof known - 1, &function,
                         sizeof function, &returned, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(ioctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &known, sizeof known, &function,
                         sizeof function - 1, &returned, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_null(function);
  close_socket(s);
}

static void the_mode_is_the_sockets(void **state)
{
  SOCKET pair[2];
  char byte;
  int error;

  new_pair(pair);
  assert_int_equal(set_nonblocking(pair[1], 1, &error), 0);
  assert_int_equal(receive(pair[1], &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEWOULDBLOCK);
  close_pair(pair);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_base_handle_comes_from_the_base),
      cmocka_unit_test(messages_and_selects_come_to_the_layer),
      cmocka_unit_test(too_little_room_is_refused),
      cmocka_unit_test(the_plug_and_play_target_is_the_socket_below),
      cmocka_unit_test(a_message_goes_through_the_layer),
      cmocka_unit_test(an_unknown_extension_is_refused),
      cmocka_unit_test(the_mode_is_the_sockets),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
