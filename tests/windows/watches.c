/* The watches that every test program has (support/loopback_only.h, support/machine_registry.h): sockets
 * that other machines could reach, and changes of the machine's registry, fail. */
#include "support/cmocka_headers.h"

#include "support/loopback.h"
#include "support/loopback_only.h"
#include "support/machine_registry.h"

union name {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

static const union name any_v4 = {.v4 = {.sin_family = AF_INET}};
static const union name any_v6 = {.v6 = {.sin6_family = AF_INET6}};
static const union name loopback_v4 = {
    .v4 = {.sin_family = AF_INET, .sin_addr = {.S_un.S_un_b = {127, 0, 0, 1}}}};
static const union name loopback_v6 = {
    .v6 = {.sin6_family = AF_INET6, .sin6_addr.s6_addr = {[15] = 1}}};

/* --- calls of the system -------------------------------------------------------------------- */

/* 0, or the error. */
static int bind_result(int family, int type, const union name *name, int listens)
{
  const SOCKET s = socket(family, type, 0);
  int error = 0;

  assert_true(s != INVALID_SOCKET);
  if (bind(s, &name->any, family == AF_INET ? sizeof name->v4 : sizeof name->v6) != 0 ||
      (listens && listen(s, 1) != 0))
    error = WSAGetLastError();
  closesocket(s);
  return error;
}

static void datagram_socket_is_bound_to_loopback_only(void **state)
{
  assert_int_equal(bind_result(AF_INET, SOCK_DGRAM, &loopback_v4, 0), 0);
  assert_int_equal(bind_result(AF_INET6, SOCK_DGRAM, &loopback_v6, 0), 0);
  assert_int_equal(bind_result(AF_INET, SOCK_DGRAM, &any_v4, 0), WSAEACCES);
  assert_int_equal(bind_result(AF_INET6, SOCK_DGRAM, &any_v6, 0), WSAEACCES);
}

static void stream_listens_on_loopback_only(void **state)
{
  assert_int_equal(bind_result(AF_INET, SOCK_STREAM, &loopback_v4, 1), 0);
  assert_int_equal(bind_result(AF_INET6, SOCK_STREAM, &loopback_v6, 1), 0);
  assert_int_equal(bind_result(AF_INET, SOCK_STREAM, &any_v4, 1), WSAEACCES);
  assert_int_equal(bind_result(AF_INET6, SOCK_STREAM, &any_v6, 1), WSAEACCES);
}

/* ConnectEx needs a bound socket. */
static void stream_may_be_bound_to_any_address_without_a_port(void **state)
{
  union name with_port = any_v4;

  with_port.v4.sin_port = htons(49152);
  assert_int_equal(bind_result(AF_INET, SOCK_STREAM, &any_v4, 0), 0);
  assert_int_equal(bind_result(AF_INET6, SOCK_STREAM, &any_v6, 0), 0);
  assert_int_equal(bind_result(AF_INET, SOCK_STREAM, &with_port, 0), WSAEACCES);
}

static void an_ipv4_address_in_an_ipv6_one_is_recognised(void **state)
{
  union name mapped = {.v6 = {.sin6_family = AF_INET6, .sin6_addr.s6_addr = {[10] = 0xff, 0xff}}};

  assert_int_equal(bind_result(AF_INET6, SOCK_DGRAM, &mapped, 0), WSAEACCES);
}

/* --- calls through a provider ----------------------------------------------------------------------- */

static void calls_through_a_provider_fail_too(void **state)
{
  const SOCKET datagram = new_socket(AF_INET, SOCK_DGRAM),
               stream = new_socket(AF_INET, SOCK_STREAM);
  int error = UNTOUCHED;

  assert_int_equal(base.lpWSPBind(datagram, &any_v4.any, sizeof any_v4.v4, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEACCES);
  assert_int_equal(base.lpWSPBind(stream, &any_v4.any, sizeof any_v4.v4, &error), 0);
  assert_int_equal(base.lpWSPListen(stream, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEACCES);
  close_socket(datagram);
  close_socket(stream);
}

/* --- the registry ---------------------------------------------------------------------------------- */

#define KEY L"SYSTEM\\CurrentControlSet\\Services\\WinSock2\\Ws2SpiWatched"

static LSTATUS create(HKEY root, const WCHAR *path, HKEY *key)
{
  *key = NULL;
  return RegCreateKeyExW(root, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, key, NULL);
}

static void registry_of_the_machine_is_not_changed(void **state)
{
  HKEY key;

  assert_int_equal(create(HKEY_LOCAL_MACHINE, KEY, &key), ERROR_ACCESS_DENIED);
  assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, KEY, 0, KEY_READ, &key), ERROR_FILE_NOT_FOUND);
}

/* Tests of the registry catalog need to write there. */
static void only_programs_over_the_memory_catalog_are_watched(void **state)
{
  HKEY key;

  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", L"registry"));
  assert_int_equal(create(HKEY_LOCAL_MACHINE, KEY, &key), 0);
  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", L"memory"));
  assert_int_equal(RegSetValueExW(key, L"value", 0, REG_SZ, (const BYTE *)L"", 2),
                   ERROR_ACCESS_DENIED);
  assert_int_equal(RegDeleteValueW(key, L"value"), ERROR_ACCESS_DENIED);
  assert_int_equal(RegDeleteKeyW(HKEY_LOCAL_MACHINE, KEY), ERROR_ACCESS_DENIED);
  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", L"registry"));
  assert_int_equal(RegCloseKey(key), 0);
  assert_int_equal(RegDeleteKeyW(HKEY_LOCAL_MACHINE, KEY), 0);
  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", L"memory"));
}

static void registry_of_the_user_can_be_changed(void **state)
{
  HKEY key;

  assert_int_equal(create(HKEY_CURRENT_USER, L"Software\\Ws2SpiWatched", &key), 0);
  assert_int_equal(RegSetValueExW(key, L"value", 0, REG_SZ, (const BYTE *)L"", 2), 0);
  assert_int_equal(RegDeleteValueW(key, L"value"), 0);
  assert_int_equal(RegCloseKey(key), 0);
  assert_int_equal(RegDeleteKeyW(HKEY_CURRENT_USER, L"Software\\Ws2SpiWatched"), 0);
}

/* --- the end of the watches ------------------------------------------------------------------------ */

static void program_can_end_the_watch_on_its_sockets(void **state)
{
  loopback_only_give_up();
  assert_int_equal(bind_result(AF_INET, SOCK_DGRAM, &any_v4, 0), 0);
}

static void program_can_end_the_watch_on_the_registry(void **state)
{
  HKEY key;

  machine_registry_give_up();
  assert_int_equal(create(HKEY_LOCAL_MACHINE, KEY, &key), 0);
  assert_int_equal(RegCloseKey(key), 0);
  assert_int_equal(RegDeleteKeyW(HKEY_LOCAL_MACHINE, KEY), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(datagram_socket_is_bound_to_loopback_only),
      cmocka_unit_test(stream_listens_on_loopback_only),
      cmocka_unit_test(stream_may_be_bound_to_any_address_without_a_port),
      cmocka_unit_test(an_ipv4_address_in_an_ipv6_one_is_recognised),
      cmocka_unit_test(calls_through_a_provider_fail_too),
      cmocka_unit_test(registry_of_the_machine_is_not_changed),
      cmocka_unit_test(only_programs_over_the_memory_catalog_are_watched),
      cmocka_unit_test(registry_of_the_user_can_be_changed),
      cmocka_unit_test(program_can_end_the_watch_on_its_sockets),
      cmocka_unit_test(program_can_end_the_watch_on_the_registry),
  };

  return cmocka_run_group_tests(tests, start_base, stop_base);
}
