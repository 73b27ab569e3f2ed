/* The example layer, installed as src/tool/README.md says, carries traffic through its chain in a
 * process that did not install it. */
#include "support/cmocka_headers.h"

#include "tool/exit_codes.h"
#include "tool_program.h"

#include <stdio.h>
#include <wchar.h>

static struct program_result result;

static int reset(void **state)
{
  run_program(&result, L"catalog reset --yes", "");
  return result.exit_code == EXIT_DONE ? 0 : -1;
}

/* Returns the id of the chain over TCP, which is printed second. */
static DWORD install(const WCHAR *name, const WCHAR *options)
{
  WCHAR folder[MAX_PATH], arguments[1024];
  const char *second;

  test_folder(folder);
  swprintf(arguments, 1024, L"catalog install \"%lslayered_provider.dll\" --name \"%ls\" %ls",
           folder, name, options);
  run_program(&result, arguments, "");
  assert_string_equal(result.err, "");
  assert_int_equal(result.exit_code, EXIT_DONE);
  second = strchr(result.out, '\n');
  assert_non_null(second);
  return strtoul(second, NULL, 10);
}

/* A connection through the chain to a listener of the system's Winsock, with data in both
 * directions. */
static void assert_carries_traffic(DWORD chain)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  int length = sizeof address, error = 0;
  WSPPROC_TABLE table;
  SOCKET listener, accepted, client;
  WSABUF buffer;
  DWORD moved = 0, flags = 0;
  char text[16] = "through";

  assert_int_equal(Ws2SpiStartProvider(chain, &table, &error), 0);
  listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(listener, 1), 0);
  assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
  client = table.lpWSPSocket(AF_INET, SOCK_STREAM, IPPROTO_TCP, NULL, 0, 0, &error);
  assert_int_not_equal(client, INVALID_SOCKET);
  assert_int_equal(table.lpWSPConnect(client, (struct sockaddr *)&address, sizeof address, NULL,
                                      NULL, NULL, NULL, &error),
                   0);
  accepted = accept(listener, NULL, NULL);
  assert_int_not_equal(accepted, INVALID_SOCKET);
  buffer = (WSABUF){7, text};
  assert_int_equal(table.lpWSPSend(client, &buffer, 1, &moved, 0, NULL, NULL, NULL, &error), 0);
  assert_int_equal(recv(accepted, text, sizeof text, 0), 7);
  assert_int_equal(send(accepted, "back", 4, 0), 4);
  memset(text, 0, sizeof text);
  buffer = (WSABUF){sizeof text - 1, text};
  assert_int_equal(table.lpWSPRecv(client, &buffer, 1, &moved, &flags, NULL, NULL, NULL, &error),
                   0);
  assert_int_equal(moved, 4);
  assert_string_equal(text, "back");
  assert_int_equal(table.lpWSPCloseSocket(client, &error), 0);
  closesocket(accepted);
  closesocket(listener);
  assert_int_equal(Ws2SpiStopProvider(chain, &error), 0);
}

static BOOL layer_is_loaded(void)
{
  return GetModuleHandleW(L"layered_provider.dll") != NULL;
}

static int start_winsock(void **state)
{
  WSADATA data;

  return WSAStartup(MAKEWORD(2, 2), &data);
}

static int stop_winsock(void **state)
{
  return reset(state) == 0 ? WSACleanup() : -1;
}

#define EXAMPLE_GUID L"--guid 5b7c1f3e-0c8a-4d52-9e61-2f84d017a3c6"

static void installed_chain_carries_traffic(void **state)
{
  WSAPROTOCOL_INFOW selected;
  DWORD chain;
  int error;

  chain = install(L"Example Layer", EXAMPLE_GUID);
  assert_int_equal(Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, IPPROTO_TCP,
                                        &selected, &error),
                   0);
  assert_int_equal(selected.dwCatalogEntryId, chain);
  assert_carries_traffic(chain);
  assert_false(layer_is_loaded());
}

static void chain_that_was_reordered_carries_traffic(void **state)
{
  WCHAR arguments[64];
  DWORD chain;

  chain = install(L"Example Layer", EXAMPLE_GUID);
  swprintf(arguments, 64, L"catalog order 1001 %lu", chain);
  run_program(&result, arguments, "");
  assert_int_equal(result.exit_code, EXIT_DONE);
  assert_carries_traffic(chain);
}

static void removed_chain_cannot_be_started(void **state)
{
  WSPPROC_TABLE table;
  DWORD chain;
  int error = 0;

  chain = install(L"Example Layer", EXAMPLE_GUID);
  run_program(&result, L"catalog remove \"Example Layer\"", "");
  assert_int_equal(result.exit_code, EXIT_DONE);
  assert_int_equal(Ws2SpiStartProvider(chain, &table, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEINVAL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(installed_chain_carries_traffic, reset),
      cmocka_unit_test_setup(chain_that_was_reordered_carries_traffic, reset),
      cmocka_unit_test_setup(removed_chain_cannot_be_started, reset),
  };

  return cmocka_run_group_tests(tests, start_winsock, stop_winsock);
}
