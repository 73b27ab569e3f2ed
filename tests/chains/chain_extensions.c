/* Extension functions, called with the chain's handles. */
#include "chains/pending.h"

#include <mswsock.h>

static void *extension(SOCKET s, GUID id)
{
  void *function = NULL;
  DWORD returned;
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function,
                                   sizeof function, &returned, NULL, NULL, NULL, &error),
                   0);
  assert_int_equal(error, 0);
  assert_int_equal(returned, sizeof function);
  assert_non_null(function);
  return function;
}

static SOCKET new_unconnected(void)
{
  SOCKADDR_STORAGE own;
  int length;

  return new_bound(AF_INET, SOCK_STREAM, &own, &length);
}

static void assert_started(BOOL result)
{
  assert_true(result || GetLastError() == ERROR_IO_PENDING);
}

/* --- AcceptEx, ConnectEx, GetAcceptExSockaddrs ---------------------------------------- */

enum { ADDRESS = sizeof(struct sockaddr_in) + 16, DATA = 5 };

struct accepting {
  SOCKET listener;
  SOCKET accepted;
  SOCKET connecting;
  struct pending accept;
  struct pending connect;
  char output[DATA + 2 * ADDRESS];
};

static void start_accept_and_connect(struct accepting *both)
{
  SOCKADDR_STORAGE address;
  int length;

  memset(both, 0, sizeof *both);
  both->listener = new_listener(&address, &length);
  both->accepted = new_socket(AF_INET, SOCK_STREAM);
  both->connecting = new_unconnected();
  assert_started(((LPFN_ACCEPTEX)extension(both->listener, (GUID)WSAID_ACCEPTEX))(
      both->listener, both->accepted, both->output, DATA, ADDRESS, ADDRESS, &both->accept.bytes,
      &both->accept.overlapped));
  assert_started(((LPFN_CONNECTEX)extension(both->connecting, (GUID)WSAID_CONNECTEX))(
      both->connecting, (struct sockaddr *)&address, length, (char[]){'f', 'i', 'r', 's', 't'},
      DATA, &both->connect.bytes, &both->connect.overlapped));
}

static void finish_accept_and_connect(struct accepting *both)
{
  DWORD bytes, flags;
  int error = UNTOUCHED;

  wait_by_polling(&both->connect);
  assert_int_equal(outcome(both->connecting, &both->connect, &bytes, &flags), 0);
  assert_int_equal(bytes, DATA);
  wait_by_polling(&both->accept);
  assert_int_equal(outcome(both->listener, &both->accept, &bytes, &flags), 0);
  assert_int_equal(bytes, DATA);
  assert_int_equal(base.lpWSPSetSockOpt(both->accepted, SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT,
                                        (char *)&both->listener, sizeof both->listener, &error),
                   0);
  assert_int_equal(base.lpWSPSetSockOpt(both->connecting, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT,
                                        NULL, 0, &error),
                   0);
}

static void close_accepting(struct accepting *both)
{
  close_socket(both->connecting);
  close_socket(both->accepted);
  close_socket(both->listener);
}

static void accept_ex_accepts_what_connect_ex_connects(void **state)
{
  struct accepting both;
  struct sockaddr *local = NULL, *remote = NULL;
  struct sockaddr_in name = {0}, from;
  int local_length = 0, remote_length = 0, length = sizeof name, error = UNTOUCHED;
  char buffer[8];

  start_accept_and_connect(&both);
  finish_accept_and_connect(&both);
  assert_memory_equal(both.output, "first", DATA);
  ((LPFN_GETACCEPTEXSOCKADDRS)extension(both.listener, (GUID)WSAID_GETACCEPTEXSOCKADDRS))(
      both.output, DATA, ADDRESS, ADDRESS, &local, &local_length, &remote, &remote_length);
  assert_int_equal(
      base.lpWSPGetSockName(both.connecting, (struct sockaddr *)&name, &length, &error), 0);
  assert_int_equal(remote_length, sizeof from);
  memcpy(&from, remote, sizeof from); /* not aligned: it follows five bytes of data */
  assert_int_equal(from.sin_port, name.sin_port);
  must_send(both.accepted, "second");
  assert_int_equal(receive(both.connecting, buffer, sizeof buffer, &error), 6);
  close_accepting(&both);
}

static void accept_ex_is_aborted_by_the_listeners_close(void **state)
{
  struct pending call = {.overlapped.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  char output[2 * ADDRESS];
  SOCKADDR_STORAGE address;
  int length;
  const SOCKET listener = new_listener(&address, &length);
  const SOCKET accepted = new_socket(AF_INET, SOCK_STREAM);

  assert_false(((LPFN_ACCEPTEX)extension(listener, (GUID)WSAID_ACCEPTEX))(
      listener, accepted, output, 0, ADDRESS, ADDRESS, &call.bytes, &call.overlapped));
  assert_int_equal(GetLastError(), ERROR_IO_PENDING);
  close_socket(listener);
  assert_int_equal(WaitForSingleObject(call.overlapped.hEvent, LONG_TIME), WAIT_OBJECT_0);
  wait_by_polling(&call);
  if (chain.own_handles)
    assert_int_equal(call.overlapped.OffsetHigh, WSA_OPERATION_ABORTED);
  close_socket(accepted);
  CloseHandle(call.overlapped.hEvent);
}

/* The base provider returns the system's functions, which do not check every handle. */
static void a_handle_of_another_provider_is_refused(void **state)
{
  SOCKADDR_STORAGE address;
  int length;
  struct pending call = {.error = UNTOUCHED};
  char output[2 * ADDRESS];
  const SOCKET listener = new_listener(&address, &length);
  const SOCKET other = system_handle(listener);
  LPFN_ACCEPTEX accept_ex;

  if (!chain.own_handles) {
    close_socket(listener);
    skip();
  }
  accept_ex = (LPFN_ACCEPTEX)extension(listener, (GUID)WSAID_ACCEPTEX);
  SetLastError(UNTOUCHED);
  assert_false(
      accept_ex(listener, other, output, 0, ADDRESS, ADDRESS, &call.bytes, &call.overlapped));
  assert_int_equal(GetLastError(), WSAENOTSOCK);
  SetLastError(UNTOUCHED);
  assert_false(
      accept_ex(other, listener, output, 0, ADDRESS, ADDRESS, &call.bytes, &call.overlapped));
  assert_int_equal(GetLastError(), WSAENOTSOCK);
  close_socket(listener);
}

/* --- DisconnectEx, TransmitFile, TransmitPackets -------------------------------------- */

static void disconnect_ex_ends_the_connection(void **state)
{
  SOCKET pair[2];
  struct pending call = {.error = UNTOUCHED};
  DWORD bytes, flags;
  char byte;
  int error;

  new_pair(pair);
  assert_started(((LPFN_DISCONNECTEX)extension(pair[0], (GUID)WSAID_DISCONNECTEX))(
      pair[0], &call.overlapped, 0, 0));
  wait_by_polling(&call);
  assert_int_equal(outcome(pair[0], &call, &bytes, &flags), 0);
  assert_int_equal(receive(pair[1], &byte, 1, &error), 0);
  close_pair(pair);
}

static HANDLE new_file(const char *text)
{
  WCHAR folder[MAX_PATH], path[MAX_PATH];
  HANDLE file;
  DWORD written;

  assert_true(GetTempPathW(MAX_PATH, folder));
  assert_true(GetTempFileNameW(folder, L"spi", 0, path));
  file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                     FILE_FLAG_DELETE_ON_CLOSE | FILE_FLAG_SEQUENTIAL_SCAN, NULL);
  assert_true(file != INVALID_HANDLE_VALUE);
  assert_true(WriteFile(file, text, (DWORD)strlen(text), &written, NULL));
  return file;
}

static void transmit_file_sends_from_the_offset(void **state)
{
  const HANDLE file = new_file("0123456789");
  SOCKET pair[2];
  struct pending call = {.overlapped.Offset = 4};
  DWORD bytes, flags;
  char buffer[16];
  int error;

  new_pair(pair);
  assert_started(((LPFN_TRANSMITFILE)extension(pair[0], (GUID)WSAID_TRANSMITFILE))(
      pair[0], file, 3, 0, &call.overlapped, NULL, 0));
  wait_by_polling(&call);
  assert_int_equal(outcome(pair[0], &call, &bytes, &flags), 0);
  assert_int_equal(bytes, 3);
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 3);
  assert_memory_equal(buffer, "456", 3);
  close_pair(pair);
  CloseHandle(file);
}

/* Wine has none. A chain gives the same answer as the base provider. */
static void transmit_packets_exists_if_the_system_has_it(void **state)
{
  GUID id = WSAID_TRANSMITPACKETS;
  SOCKET pair[2];
  void *function = NULL;
  DWORD returned;
  TRANSMIT_PACKETS_ELEMENT packet = {.dwElFlags = TP_ELEMENT_MEMORY, .cLength = 4};
  char data[] = "pack", buffer[8];
  int error = UNTOUCHED;

  new_pair(pair);
  if (base.lpWSPIoctl(pair[0], SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &function,
                      sizeof function, &returned, NULL, NULL, NULL, &error) != 0) {
    assert_true(error == WSAEINVAL || error == WSAEOPNOTSUPP);
    assert_null(function);
  } else {
    packet.pBuffer = data;
    assert_true(((LPFN_TRANSMITPACKETS)function)(pair[0], &packet, 1, 0, NULL, 0));
    assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 4);
  }
  close_pair(pair);
}

/* --- WSARecvMsg, WSASendMsg ----------------------------------------------------------- */

struct message {
  WSAMSG what;
  WSABUF list;
  struct sockaddr_in address;
  char data[16];
};

static void prepare(struct message *message, const char *text, const struct sockaddr_in *to)
{
  memset(message, 0, sizeof *message);
  message->list.buf = message->data;
  message->list.len = sizeof message->data;
  if (text != NULL) {
    message->list.len = (ULONG)strlen(text);
    memcpy(message->data, text, message->list.len);
    message->address = *to;
  }
  message->what.name = (struct sockaddr *)&message->address;
  message->what.namelen = sizeof message->address;
  message->what.lpBuffers = &message->list;
  message->what.dwBufferCount = 1;
}

static void messages_are_sent_and_received(void **state)
{
  struct sockaddr_in here, there;
  struct message out, in;
  struct pending call = {.error = UNTOUCHED};
  DWORD sent = UNTOUCHED, bytes, flags;
  SOCKET sender, receiver;

  use_udp();
  sender = new_datagram(&here);
  receiver = new_datagram(&there);
  prepare(&in, NULL, NULL);
  assert_int_equal(((LPFN_WSARECVMSG)extension(receiver, (GUID)WSAID_WSARECVMSG))(
                       receiver, &in.what, &call.bytes, &call.overlapped, NULL),
                   SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSA_IO_PENDING);
  prepare(&out, "message", &there);
  assert_int_equal(((LPFN_WSASENDMSG)extension(sender, (GUID)WSAID_WSASENDMSG))(
                       sender, &out.what, 0, &sent, NULL, NULL),
                   0);
  assert_int_equal(sent, 7);
  wait_by_polling(&call);
  assert_int_equal(outcome(receiver, &call, &bytes, &flags), 0);
  assert_int_equal(bytes, 7);
  assert_memory_equal(in.data, "message", 7);
  assert_int_equal(in.address.sin_port, here.sin_port);
  close_socket(receiver);
  close_socket(sender);
}

static void a_received_message_can_have_a_routine(void **state)
{
  struct sockaddr_in here, there;
  struct message out, in;
  struct pending call = {.error = UNTOUCHED};
  DWORD sent = UNTOUCHED;
  SOCKET sender, receiver;

  use_udp();
  sender = new_datagram(&here);
  receiver = new_datagram(&there);
  prepare(&in, NULL, NULL);
  ((LPFN_WSARECVMSG)extension(receiver, (GUID)WSAID_WSARECVMSG))(receiver, &in.what, &call.bytes,
                                                                 &call.overlapped, note_completion);
  prepare(&out, "routine", &there);
  ((LPFN_WSASENDMSG)extension(sender, (GUID)WSAID_WSASENDMSG))(sender, &out.what, 0, &sent, NULL,
                                                               NULL);
  wait_for_routine(&call);
  assert_int_equal(call.routine_error, 0);
  assert_int_equal(call.routine_bytes, 7);
  close_socket(receiver);
  close_socket(sender);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(accept_ex_accepts_what_connect_ex_connects),
      cmocka_unit_test(accept_ex_is_aborted_by_the_listeners_close),
      cmocka_unit_test(a_handle_of_another_provider_is_refused),
      cmocka_unit_test(disconnect_ex_ends_the_connection),
      cmocka_unit_test(transmit_file_sends_from_the_offset),
      cmocka_unit_test(transmit_packets_exists_if_the_system_has_it),
      cmocka_unit_test(messages_are_sent_and_received),
      cmocka_unit_test(a_received_message_can_have_a_routine),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
