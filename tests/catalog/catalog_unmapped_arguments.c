/* Another thread unmaps the caller's memory between the check of a pointer and its use: the call
 * fails with WSAEFAULT and has no effect. */
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

static BOOL unmap_after_check;  /* at the check whether it can be written */
static BOOL unmap_after_length; /* after the length of a string has been found */
static int unmap_after_reads;   /* after so many reads; 0: never */

static void unmap(void)
{
  DWORD before;

  assert_true(VirtualProtect(page, PAGE, PAGE_NOACCESS, &before));
}

bool __real_caller_can_write(void *target, size_t size);
bool __wrap_caller_can_write(void *target, size_t size);
bool __wrap_caller_can_write(void *target, size_t size)
{
  const bool can = __real_caller_can_write(target, size);

  if (unmap_after_check)
    unmap();
  return can;
}

size_t __real_caller_string_length(const wchar_t *string, size_t limit);
size_t __wrap_caller_string_length(const wchar_t *string, size_t limit);
size_t __wrap_caller_string_length(const wchar_t *string, size_t limit)
{
  const size_t length = __real_caller_string_length(string, limit);

  if (unmap_after_length)
    unmap();
  return length;
}

bool __real_caller_read(void *destination, const void *source, size_t size);
bool __wrap_caller_read(void *destination, const void *source, size_t size);
bool __wrap_caller_read(void *destination, const void *source, size_t size)
{
  const bool could = __real_caller_read(destination, source, size);

  if (unmap_after_reads > 0 && --unmap_after_reads == 0)
    unmap();
  return could;
}

/* This test has no DllMain, which would set the default catalog. */
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
  unmap_after_check = unmap_after_length = FALSE;
  unmap_after_reads = 0;
  return 0;
}

/* --- pointers that are written to --------------------------------------------------------- */

static void application_categories_are_not_written(void **state)
{
  WCHAR path[] = L"C:\\a.exe";
  DWORD categories = 0;
  int error = UNTOUCHED;

  assert_int_equal(WSCSetApplicationCategory(path, 8, NULL, 0, LSP_PROXY, NULL, &error), 0);
  unmap_after_check = TRUE;
  assert_int_equal(WSCGetApplicationCategory(path, 8, NULL, 0, (DWORD *)page, &error),
                   SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  unmap_after_check = FALSE;
  assert_int_equal(WSCGetApplicationCategory(path, 8, NULL, 0, &categories, &error), 0);
  assert_int_equal(categories, LSP_PROXY);
}

/* The size is unchanged. */
static void protocol_list_is_not_written(void **state)
{
  DWORD bytes = OFFERED;
  int error = UNTOUCHED;

  unmap_after_check = TRUE;
  assert_int_equal(WSCEnumProtocols(NULL, (WSAPROTOCOL_INFOW *)page, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(bytes, OFFERED);
}

static void stored_entries_are_not_written(void **state)
{
  DWORD bytes = OFFERED;
  int error = UNTOUCHED;

  ((WS2SPI_CATALOG_ENTRY *)page)->dwSize = sizeof(WS2SPI_CATALOG_ENTRY);
  unmap_after_check = TRUE;
  assert_int_equal(
      Ws2SpiEnumCatalog(WS2SPI_WIDTH_NATIVE, (WS2SPI_CATALOG_ENTRY *)page, &bytes, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(bytes, OFFERED);
}

static void selected_entry_is_not_written(void **state)
{
  int error = UNTOUCHED;

  unmap_after_check = TRUE;
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

/* The provider is not registered, so its ProviderId can be used again. */
static void provider_is_unregistered_if_its_id_cannot_be_written(void **state)
{
  WSAPROTOCOL_INFOW info = {.ProviderId = {9, 9, 9, {9}}, .ProtocolChain.ChainLen = BASE_PROTOCOL};
  DWORD id;
  int error = UNTOUCHED;

  unmap_after_check = TRUE;
  assert_int_equal(Ws2SpiRegisterProvider(&info, no_startup, (DWORD *)page, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  unmap_after_check = FALSE;
  assert_int_equal(Ws2SpiRegisterProvider(&info, no_startup, &id, &error), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

/* Winsock is not started. */
static void winsock_is_not_started_if_its_data_cannot_be_written(void **state)
{
  WSADATA data;
  int error = UNTOUCHED;

  unmap_after_check = TRUE;
  assert_int_equal(WSAStartup(MAKEWORD(2, 2), (WSADATA *)page), WSAEFAULT);
  unmap_after_check = FALSE;
  assert_int_equal(WSACleanup(), SOCKET_ERROR);
  assert_int_equal(WSAStartup(MAKEWORD(2, 2), &data), 0);
  assert_int_equal(begin(state), 0);
  unmap_after_check = TRUE;
  assert_int_equal(WPUOpenCurrentThread((WSATHREADID *)page, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  unmap_after_check = FALSE;
  assert_int_equal(WSACleanup(), 0);
}

/* --- pointers that are read from ---------------------------------------------------------- */

static void protocol_filter_is_not_read(void **state)
{
  const int list[] = {IPPROTO_TCP, 0};
  DWORD bytes = 0;
  int error = UNTOUCHED;

  memcpy(page, list, sizeof list);
  unmap_after_reads = 2; /* the second finds the end of the list */
  assert_int_equal(WSCEnumProtocols((LPINT)page, NULL, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(bytes, 0);
}

static void provider_path_is_not_read(void **state)
{
  WSAPROTOCOL_INFOW info = {.ProtocolChain.ChainLen = BASE_PROTOCOL};
  GUID id = {1, 2, 3, {4}};
  DWORD bytes = 0;
  int error = UNTOUCHED;

  wcscpy((WCHAR *)page, L"C:\\lsp.dll");
  unmap_after_length = TRUE;
  assert_int_equal(WSCInstallProvider(&id, (WCHAR *)page, &info, 1, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAEFAULT);
  assert_int_equal(WSCEnumProtocols(NULL, NULL, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(bytes, 6 * sizeof info);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  const struct CMUnitTest tests[] = {
      TEST(application_categories_are_not_written),
      TEST(protocol_list_is_not_written),
      TEST(stored_entries_are_not_written),
      TEST(selected_entry_is_not_written),
      TEST(provider_is_unregistered_if_its_id_cannot_be_written),
      TEST(winsock_is_not_started_if_its_data_cannot_be_written),
      TEST(protocol_filter_is_not_read),
      TEST(provider_path_is_not_read),
  };

  return cmocka_run_group_tests(tests, open_catalog, NULL);
}
