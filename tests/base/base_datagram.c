/* WSPSendTo and WSPRecvFrom, over both families and raw sockets. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"

static int send_to(SOCKET s, const char *data, ULONG size, const SOCKADDR_STORAGE *to, int length,
                   int *error)
{
  WSABUF list = {size, (char *)(ULONG_PTR)data};
  DWORD sent = UNTOUCHED;

  *error = UNTOUCHED;
  if (base.lpWSPSendTo(s, &list, 1, &sent, 0, (const struct sockaddr *)to, length, NULL, NULL, NULL,
                       error) != 0)
    return SOCKET_ERROR;
  return (int)sent;
}

static int receive_from(SOCKET s, char *buffer, ULONG size, SOCKADDR_STORAGE *from, int *length,
                        int *error)
{
  WSABUF list = {size, buffer};
  DWORD received = UNTOUCHED;
  DWORD flags = 0;

  *error = UNTOUCHED;
  *length = sizeof *from;
  if (base.lpWSPRecvFrom(s, &list, 1, &received, &flags, (struct sockaddr *)from, length, NULL,
                         NULL, NULL, error) != 0)
    return SOCKET_ERROR;
  return (int)received;
}

static void exchange(int family)
{
  SOCKADDR_STORAGE to;
  SOCKADDR_STORAGE sender;
  SOCKADDR_STORAGE from;
  int to_length;
  int sender_length;
  int from_length;
  const SOCKET receiver = new_bound(family, SOCK_DGRAM, &to, &to_length);
  const SOCKET s = new_bound(family, SOCK_DGRAM, &sender, &sender_length);
  char buffer[16] = {0};
  int error;

  assert_int_equal(send_to(s, "datagram", 8, &to, to_length, &error), 8);
  assert_int_equal(error, 0);
  assert_int_equal(receive_from(receiver, buffer, sizeof buffer, &from, &from_length, &error), 8);
  assert_int_equal(error, 0);
  assert_string_equal(buffer, "datagram");
  assert_int_equal(from_length, sender_length);
  assert_int_equal(from.ss_family, family);
  assert_int_equal(((struct sockaddr_in *)&from)->sin_port,
                   ((struct sockaddr_in *)&sender)->sin_port);
  close_socket(s);
  close_socket(receiver);
}

static void a_datagram_has_its_senders_address(void **state)
{
  exchange(AF_INET);
}

static void an_ipv6_datagram_has_its_senders_address(void **state)
{
  exchange(AF_INET6);
}

static SOCKET waiting_sender;
static SOCKADDR_STORAGE waiting_address;
static int waiting_length;

static void send_by_system(void *unused)
{
  (void)unused;
  sendto(waiting_sender, "now", 3, 0, (struct sockaddr *)&waiting_address, waiting_length);
}

static void a_receive_that_waits_returns_the_senders_address(void **state)
{
  SOCKADDR_STORAGE sender;
  SOCKADDR_STORAGE from;
  int sender_length;
  int from_length;
  const SOCKET receiver = new_bound(AF_INET, SOCK_DGRAM, &waiting_address, &waiting_length);
  char buffer[16] = {0};
  int error;

  waiting_sender = new_bound(AF_INET, SOCK_DGRAM, &sender, &sender_length);
  install_hook(2, send_by_system, NULL);
  assert_int_equal(receive_from(receiver, buffer, sizeof buffer, &from, &from_length, &error), 3);
  assert_int_equal(remove_hook(), 2);
  assert_string_equal(buffer, "now");
  assert_int_equal(from_length, sender_length);
  assert_int_equal(((struct sockaddr_in *)&from)->sin_port,
                   ((struct sockaddr_in *)&sender)->sin_port);
  close_socket(waiting_sender);
  close_socket(receiver);
}

static void the_end_of_a_datagram_that_is_too_long_is_lost(void **state)
{
  SOCKADDR_STORAGE to;
  SOCKADDR_STORAGE from;
  int to_length;
  int from_length;
  const SOCKET receiver = new_bound(AF_INET, SOCK_DGRAM, &to, &to_length);
  const SOCKET s = new_socket(AF_INET, SOCK_DGRAM);
  char buffer[16] = {0};
  int error;

  assert_int_equal(send_to(s, "long one", 8, &to, to_length, &error), 8);
  assert_int_equal(receive_from(receiver, buffer, 4, &from, &from_length, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEMSGSIZE);
  assert_string_equal(buffer, "long");
  assert_int_equal(send_to(s, "next", 4, &to, to_length, &error), 4);
  assert_int_equal(receive_from(receiver, buffer, sizeof buffer, &from, &from_length, &error), 4);
  assert_string_equal(buffer, "next");
  close_socket(s);
  close_socket(receiver);
}

static void the_address_is_ignored_on_a_stream(void **state)
{
  SOCKET pair[2];
  SOCKADDR_STORAGE from;
  int from_length;
  char buffer[8] = {0};
  int error;

  new_pair(pair);
  assert_int_equal(send_to(pair[0], "text", 4, (SOCKADDR_STORAGE *)"nonsense", 8, &error), 4);
  memset(&from, 0x5A, sizeof from);
  assert_int_equal(receive_from(pair[1], buffer, sizeof buffer, &from, &from_length, &error), 4);
  assert_string_equal(buffer, "text");
  assert_int_equal(from.ss_family, 0x5A5A);
  close_pair(pair);
}

/* The user may not have the right to raw sockets; then the error is checked instead. */
static void a_raw_socket_echoes_icmp(void **state)
{
  SOCKADDR_STORAGE to = {.ss_family = AF_INET};
  unsigned char echo[8] = {8, 0, 0xf7, 0xff};
  char answer[64];
  int error = UNTOUCHED;
  const SOCKET s =
      base.lpWSPSocket(AF_INET, SOCK_RAW, IPPROTO_ICMP, NULL, 0, WSA_FLAG_OVERLAPPED, &error);

  if (s == INVALID_SOCKET) {
    assert_true(error == WSAEACCES || error == WSAEPROTONOSUPPORT || error == WSAESOCKTNOSUPPORT);
    return;
  }
  ((struct sockaddr_in *)&to)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  set_timeout(s, SO_RCVTIMEO, 5000);
  assert_int_equal(send_to(s, (char *)echo, sizeof echo, &to, sizeof(struct sockaddr_in), &error),
                   sizeof echo);
  assert_int_equal(receive(s, answer, sizeof answer, &error), 20 + sizeof echo);
  close_socket(s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_datagram_has_its_senders_address),
      cmocka_unit_test(an_ipv6_datagram_has_its_senders_address),
      cmocka_unit_test(a_receive_that_waits_returns_the_senders_address),
      cmocka_unit_test(the_end_of_a_datagram_that_is_too_long_is_lost),
      cmocka_unit_test(the_address_is_ignored_on_a_stream),
      cmocka_unit_test(a_raw_socket_echoes_icmp),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
