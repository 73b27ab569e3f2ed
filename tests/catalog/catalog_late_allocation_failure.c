/* A caller's memory that another of its threads takes away between the look at it and its use: a
 * fault, and nothing done. */
#include "platform/windows_headers.h"

#include "platform/caller_memory.h"
#include "ws2spi_shim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

enum { PAGE = 4096, OFFERED = 16 * sizeof(WS2SPI_CATALOG_ENTRY), UNTOUCHED = 0x5A5A };

static char *page;

/* --- the other thread ------------------------------------------------------------------------ */

static BOOL goes_after_the_look;    /* whether it can be written */
static BOOL goes_after_the_measure; /* of a string */
static int goes_after_reads;        /* this many from now; 0: it stays */

static void take_away(void)
{
  DWORD before;

  assert_true(VirtualProtect(page, PAGE, PAGE_NOACCESS, &before));
}

bool __real_caller_can_write(void *target, size_t size);
bool __wrap_caller_can_write(void *target, size_t size);
bool __wrap_caller_can_write(void *target, size_t size)
{
  const bool can = __real_caller_can_write(target, size);

  if (goes_after_the_look)
    take_away();
  return can;
}

size_t __real_caller_string_length(const wchar_t *string, size_t limit);
size_t __wrap_caller_string_length(const wchar_t *string, size_t limit);
size_t __wrap_caller_string_length(const wchar_t *string, size_t limit)
{
  const size_t length = __real_caller_string_length(string, limit);

  if (goes_after_the_measure)
    take_away();
  return length;
}

bool __real_caller_read(void *destination, const void *source, size_t size);
bool __wrap_caller_read(void *destination, const void *source, size_t size);
bool __wrap_caller_read(void *destination, const void *source, size_t size)
{
  const bool could = __real_caller_read(destination, source, size);

  if (goes_after_reads > 0 && --goes_after_reads == 0)
    take_away();
  return could;
}

/* No DllMain here says which catalog is the default. */
static int open_catalog(void **state)
{
  int error;

  return Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error);
}

static int begin(void **state)
{
  DWORD before;

  if (page == NULL)
    page = VirtualAlloc(NULL, OFFERED, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  return page != NULL && VirtualProtect(page, PAGE, PAGE_READWRITE, &before) ? 0 : -1;
}

static int end(void **state)
{
  goes_after_the_look = goes_after_the_measure = FALSE;
  goes_after_reads = 0;
  return 0;
}

/* --- what is written --------------------------------------------------------------------------- */

static void the_categories_of_an_application(void **state)
{
  WCHAR path[] = L"C:\\a.exe";
  DWORD categories = 0;
  int error = UNTOUCHED;

  assert_int_equal(WSCSetApplicationCategory(path, 8, NULL, 0, LSP_PROXY, NULL, &error), 0);
  goes_after_the_look = TRUE;
  assert_int_equal(WSCGetApplicationCategory(path, 8, NULL, 0, (DWORD *)page, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  goes_after_the_look = FALSE;
  assert_int_equal(WSCGetApplicationCategory(path, 8, NULL, 0, &categories, &error), 0);
  assert_int_equal(categories, LSP_PROXY);
}

/* The size is as it was then. */
static void the_protocols(void **state)
{
  DWORD bytes = OFFERED;
  int error = UNTOUCHED;

  goes_after_the_look = TRUE;
  assert_int_equal(WSCEnumProtocols(NULL, (WSAPROTOCOL_INFOW *)page, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(bytes, OFFERED);
}

static void the_stored_entries(void **state)
{
  DWORD bytes = OFFERED;
  int error = UNTOUCHED;

  ((WS2SPI_CATALOG_ENTRY *)page)->dwSize = sizeof(WS2SPI_CATALOG_ENTRY);
  goes_after_the_look = TRUE;
  assert_int_equal(
      Ws2SpiEnumCatalog(WS2SPI_WIDTH_NATIVE, (WS2SPI_CATALOG_ENTRY *)page, &bytes, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(bytes, OFFERED);
}

static void the_selected_entry(void **state)
{
  int error = UNTOUCHED;

  goes_after_the_look = TRUE;
  assert_int_equal(Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, 0,
                                        (WSAPROTOCOL_INFOW *)page, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
}

static int WSPAPI no_startup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                             WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  (void)version;
  (void)data;
  (void)info;
  (void)upcalls;
  (void)table;
  return WSASYSNOTREADY;
}

/* Then it is not registered: its ProviderId is free. */
static void the_id_of_a_registered_provider(void **state)
{
  WSAPROTOCOL_INFOW info = {.ProviderId = {9, 9, 9, {9}}, .ProtocolChain.ChainLen = BASE_PROTOCOL};
  DWORD id;
  int error = UNTOUCHED;

  goes_after_the_look = TRUE;
  assert_int_equal(Ws2SpiRegisterProvider(&info, no_startup, (DWORD *)page, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  goes_after_the_look = FALSE;
  assert_int_equal(Ws2SpiRegisterProvider(&info, no_startup, &id, &error), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

/* Then Winsock is not started either. */
static void the_data_of_winsock(void **state)
{
  WSADATA data;
  int error = UNTOUCHED;

  goes_after_the_look = TRUE;
  assert_int_equal(WSAStartup(MAKEWORD(2, 2), (WSADATA *)page), WSAEFAULT);
  goes_after_the_look = FALSE;
  assert_int_equal(WSACleanup(), SOCKET_ERROR);
  assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
  assert_int_equal(begin(state), 0);
  goes_after_the_look = TRUE;
  assert_int_equal(WPUOpenCurrentThread((WSATHREADID *)page, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  goes_after_the_look = FALSE;
  assert_int_equal(WSACleanup(), 0);
}

/* --- what is read -------------------------------------------------------------------------------- */

static void the_list_of_protocols(void **state)
{
  const int list[] = {IPPROTO_TCP, 0};
  DWORD bytes = 0;
  int error = UNTOUCHED;

  memcpy(page, list, sizeof list);
  goes_after_reads = 2; /* of which the second finds its end */
  assert_int_equal(WSCEnumProtocols((LPINT)page, NULL, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(bytes, 0);
}

static void the_path_of_a_provider(void **state)
{
  WSAPROTOCOL_INFOW info = {.ProtocolChain.ChainLen = BASE_PROTOCOL};
  GUID id = {1, 2, 3, {4}};
  DWORD bytes = 0;
  int error = UNTOUCHED;

  wcscpy((WCHAR *)page, L"C:\\lsp.dll");
  goes_after_the_measure = TRUE;
  assert_int_equal(WSCInstallProvider(&id, (WCHAR *)page, &info, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(WSCEnumProtocols(NULL, NULL, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(bytes, 6 * sizeof info);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(the_categories_of_an_application),
      TEST(the_protocols),
      TEST(the_stored_entries),
      TEST(the_selected_entry),
      TEST(the_id_of_a_registered_provider),
      TEST(the_data_of_winsock),
      TEST(the_list_of_protocols),
      TEST(the_path_of_a_provider),
  };

  return cmocka_run_group_tests(tests, open_catalog, NULL);
}
