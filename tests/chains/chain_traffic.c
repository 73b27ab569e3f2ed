/* Streams and datagrams through a chain, and the procedures around them. */
#include "chains/chains.h"

static void a_stream_carries_both_ways(void **state)
{
  SOCKET pair[2];
  char buffer[16] = "";
  int error;

  new_pair(pair);
  must_send(pair[0], "to the peer");
  assert_int_equal(receive(pair[1], buffer, sizeof buffer, &error), 11);
  assert_int_equal(error, 0);
  assert_memory_equal(buffer, "to the peer", 11);
  must_send(pair[1], "and back");
  assert_int_equal(receive(pair[0], buffer, sizeof buffer, &error), 8);
  assert_memory_equal(buffer, "and back", 8);
  close_pair(pair);
}

static void a_datagram_has_its_senders_address(void **state)
{
  struct sockaddr_in here, there, from = {0};
  char data[] = "datagram", buffer[16] = "";
  WSABUF out = {8, data}, in = {sizeof buffer, buffer};
  DWORD sent = UNTOUCHED, received = UNTOUCHED, flags = 0;
  int length = sizeof from, error = UNTOUCHED;
  SOCKET sender, receiver;

  use_udp();
  sender = new_datagram(&here);
  receiver = new_datagram(&there);
  assert_int_equal(base.lpWSPSendTo(sender, &out, 1, &sent, 0, (struct sockaddr *)&there,
                                    sizeof there, NULL, NULL, NULL, &error),
                   0);
  assert_int_equal(error, 0);
  assert_int_equal(sent, 8);
  assert_int_equal(base.lpWSPRecvFrom(receiver, &in, 1, &received, &flags, (struct sockaddr *)&from,
                                      &length, NULL, NULL, NULL, &error),
                   0);
  assert_int_equal(received, 8);
  assert_memory_equal(buffer, "datagram", 8);
  assert_int_equal(length, sizeof from);
  assert_int_equal(from.sin_port, here.sin_port);
  close_socket(receiver);
  close_socket(sender);
}

static void a_shutdown_ends_the_stream(void **state)
{
  SOCKET pair[2];
  char byte;
  int error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPShutdown(pair[0], SD_SEND, &error), 0);
  assert_int_equal(error, 0);
  assert_int_equal(receive(pair[1], &byte, 1, &error), 0);
  close_pair(pair);
}

static void names_are_those_of_the_connected_sockets(void **state)
{
  SOCKET pair[2];
  struct sockaddr_in mine = {0}, of_peer = {0};
  int length = sizeof mine, error = UNTOUCHED;

  new_pair(pair);
  assert_int_equal(base.lpWSPGetSockName(pair[0], (struct sockaddr *)&mine, &length, &error), 0);
  length = sizeof of_peer;
  assert_int_equal(base.lpWSPGetPeerName(pair[1], (struct sockaddr *)&of_peer, &length, &error), 0);
  assert_int_equal(error, 0);
  assert_int_not_equal(mine.sin_port, 0);
  assert_int_equal(mine.sin_port, of_peer.sin_port);
  close_pair(pair);
}

static void options_reach_the_socket(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  int on = 1, length = sizeof on, error = UNTOUCHED;

  assert_int_equal(
      base.lpWSPSetSockOpt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, sizeof on, &error), 0);
  on = 0;
  assert_int_equal(base.lpWSPGetSockOpt(s, SOL_SOCKET, SO_KEEPALIVE, (char *)&on, &length, &error),
                   0);
  assert_int_equal(error, 0);
  assert_int_not_equal(on, 0);
  close_socket(s);
}

static void addresses_are_written_and_read(void **state)
{
  WSAPROTOCOL_INFOW info = entry_info(chain.tcp_entry);
  struct sockaddr_in address = {.sin_family = AF_INET}, read = {0};
  WCHAR text[64] = L"", given[] = L"127.0.0.1:80";
  DWORD chars = 64;
  int length = sizeof read, error = UNTOUCHED;

  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(80);
  assert_int_equal(base.lpWSPAddressToString((struct sockaddr *)&address, sizeof address, &info,
                                             text, &chars, &error),
                   0);
  assert_memory_equal(text, given, sizeof given);
  assert_int_equal(
      base.lpWSPStringToAddress(given, AF_INET, &info, (struct sockaddr *)&read, &length, &error),
      0);
  assert_int_equal(error, 0);
  assert_memory_equal(&read, &address, sizeof read);
}

/* --- handles -------------------------------------------------------------------------- */

static void assert_is_not_a_socket(SOCKET s)
{
  struct sockaddr_in name = {.sin_family = AF_INET};
  int length = sizeof name;
  WSANETWORKEVENTS events;
  char byte = 0;
  int error;

  assert_int_equal(receive(s, &byte, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  assert_int_equal(transmit(s, "x", 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  error = UNTOUCHED;
  assert_int_equal(base.lpWSPBind(s, (struct sockaddr *)&name, sizeof name, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  error = UNTOUCHED;
  assert_int_equal(base.lpWSPGetSockName(s, (struct sockaddr *)&name, &length, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  error = UNTOUCHED;
  assert_int_equal(base.lpWSPEnumNetworkEvents(s, NULL, &events, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
  error = UNTOUCHED;
  assert_true(base.lpWSPAccept(s, NULL, NULL, NULL, 0, &error) == INVALID_SOCKET);
  assert_int_equal(error, WSAENOTSOCK);
  error = UNTOUCHED;
  assert_int_equal(base.lpWSPCloseSocket(s, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOTSOCK);
}

static void a_handle_that_is_not_a_socket_is_refused(void **state)
{
  const HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  assert_is_not_a_socket(INVALID_SOCKET);
  assert_is_not_a_socket(0);
  assert_is_not_a_socket((SOCKET)event);
  assert_true(SetEvent(event));
  CloseHandle(event);
}

static void a_closed_handle_is_refused(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);

  close_socket(s);
  assert_is_not_a_socket(s);
}

/* An IFS layer has no handles of its own, so it cannot tell other handles apart. */
static void a_handle_of_the_system_is_not_a_handle_of_the_layer(void **state)
{
  const SOCKET s = new_socket(AF_INET, SOCK_STREAM);
  const SOCKET below = system_handle(s);

  if (chain.own_handles) {
    assert_true(below != s);
    assert_is_not_a_socket(below);
  } else {
    assert_true(below == s);
  }
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stream_carries_both_ways),
      cmocka_unit_test(a_datagram_has_its_senders_address),
      cmocka_unit_test(a_shutdown_ends_the_stream),
      cmocka_unit_test(names_are_those_of_the_connected_sockets),
      cmocka_unit_test(options_reach_the_socket),
      cmocka_unit_test(addresses_are_written_and_read),
      cmocka_unit_test(a_handle_that_is_not_a_socket_is_refused),
      cmocka_unit_test(a_closed_handle_is_refused),
      cmocka_unit_test(a_handle_of_the_system_is_not_a_handle_of_the_layer),
  };

  return run_through_chains(tests, sizeof tests / sizeof tests[0]);
}
