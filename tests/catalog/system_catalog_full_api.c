/* The WSC functions over the catalog of a Windows that has all of them. Functions of this test take
 * the place of the system's and record the calls. The catalog has a layer with its chain over a
 * base entry. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"
#include "support/replaced_imports.h"

#include <stdarg.h>
#include <stdio.h>

enum { ARGUMENTS = 9, FAILED = WSAEACCES, UNTOUCHED = 0x5A5A, LAYER = 2001, CHAIN, BASE };

/* --- the recorded call -------------------------------------------------------------------- */

static struct {
  char name[48];
  ULONG_PTR argument[ARGUMENTS];
} asked;
static int outcome; /* of every system function: 0 or its error */

static void note(const char *name, int count, ...)
{
  va_list arguments;

  va_start(arguments, count);
  snprintf(asked.name, sizeof asked.name, "%s", name);
  for (int i = 0; i < count; i++)
    asked.argument[i] = va_arg(arguments, ULONG_PTR);
  va_end(arguments);
}

static int answer(LPINT error)
{
  if (outcome == 0)
    return 0;
  *error = outcome;
  return SOCKET_ERROR;
}

#define WORD_OF(value) ((ULONG_PTR)(value))

static int do_install(const char *name, LPGUID id, const WCHAR *path, LPWSAPROTOCOL_INFOW infos,
                      DWORD count, LPINT error)
{
  note(name, 5, WORD_OF(id), WORD_OF(path), WORD_OF(infos), WORD_OF(count), WORD_OF(error));
  return answer(error);
}

static int do_deinstall(const char *name, LPGUID id, LPINT error)
{
  note(name, 2, WORD_OF(id), WORD_OF(error));
  return answer(error);
}

static int do_order(const char *name, LPDWORD ids, DWORD count)
{
  note(name, 2, WORD_OF(ids), WORD_OF(count));
  return outcome;
}

/* The categories that the system returns for the layer and for every program. */
static DWORD layers_categories, programs_categories;

static int do_get_info(const char *name, LPGUID id, WSC_PROVIDER_INFO_TYPE type, PBYTE info,
                       size_t *size, DWORD flags, LPINT error)
{
  note(name, 6, WORD_OF(id), WORD_OF(type), WORD_OF(info), WORD_OF(size), WORD_OF(flags),
       WORD_OF(error));
  if (outcome == 0 && info != NULL)
    memcpy(info, &layers_categories, sizeof layers_categories);
  return answer(error);
}

static int do_set_info(const char *name, LPGUID id, WSC_PROVIDER_INFO_TYPE type, PBYTE info,
                       size_t size, DWORD flags, LPINT error)
{
  note(name, 6, WORD_OF(id), WORD_OF(type), WORD_OF(info), WORD_OF(size), WORD_OF(flags),
       WORD_OF(error));
  return answer(error);
}

/* --- the system's catalog ----------------------------------------------------------------- */

static WSAPROTOCOL_INFOW entries[3];
static const WCHAR *paths[3];
static int held;       /* how many of them the system has */
static int growing;    /* how often the catalog grows after the size was returned */
static int unreadable; /* the error of enumerating */
static BOOL has_paths; /* else WSCGetProviderPath fails */

static int do_enumerate(LPINT protocols, LPWSAPROTOCOL_INFOW infos, LPDWORD bytes, LPINT error)
{
  const DWORD needed = (DWORD)held * (DWORD)sizeof *infos;

  assert_null(protocols);
  *error = unreadable;
  if (unreadable != 0)
    return SOCKET_ERROR;
  if (infos != NULL && growing > 0) {
    growing--;
    *bytes = 0;
  }
  if (infos == NULL || *bytes < needed) {
    *bytes = needed;
    *error = WSAENOBUFS;
    return SOCKET_ERROR;
  }
  memcpy(infos, entries, needed);
  return held;
}

static int do_get_path(LPGUID id, WCHAR *path, LPINT chars, LPINT error)
{
  *error = WSAEINVAL;
  for (int i = 0; has_paths && i < held; i++)
    if (IsEqualGUID(id, &entries[i].ProviderId)) {
      assert_true(*chars > (int)wcslen(paths[i]));
      wcscpy(path, paths[i]);
      return 0;
    }
  return SOCKET_ERROR;
}

/* --- the system's functions --------------------------------------------------------------- */

#define FUNCTIONS_OF_A_WIDTH(suffix, install_suffix)                                               \
  static int WSPAPI enumerate##suffix(LPINT protocols, LPWSAPROTOCOL_INFOW infos, LPDWORD bytes,   \
                                      LPINT error)                                                 \
  {                                                                                                \
    return do_enumerate(protocols, infos, bytes, error);                                           \
  }                                                                                                \
  static int WSPAPI get_path##suffix(LPGUID id, WCHAR *path, LPINT chars, LPINT error)             \
  {                                                                                                \
    return do_get_path(id, path, chars, error);                                                    \
  }                                                                                                \
  static int WSPAPI install##suffix(LPGUID id, const WCHAR *path, LPWSAPROTOCOL_INFOW infos,       \
                                    DWORD count, LPINT error)                                      \
  {                                                                                                \
    return do_install("WSCInstallProvider" #install_suffix, id, path, infos, count, error);        \
  }                                                                                                \
  static int WSPAPI update##suffix(LPGUID id, const WCHAR *path, LPWSAPROTOCOL_INFOW infos,        \
                                   DWORD count, LPINT error)                                       \
  {                                                                                                \
    return do_install("WSCUpdateProvider" #suffix, id, path, infos, count, error);                 \
  }                                                                                                \
  static int WSPAPI deinstall##suffix(LPGUID id, LPINT error)                                      \
  {                                                                                                \
    return do_deinstall("WSCDeinstallProvider" #suffix, id, error);                                \
  }                                                                                                \
  static int WSPAPI order##suffix(LPDWORD ids, DWORD count)                                        \
  {                                                                                                \
    return do_order("WSCWriteProviderOrder" #suffix, ids, count);                                  \
  }                                                                                                \
  static int WSPAPI get_info##suffix(LPGUID id, WSC_PROVIDER_INFO_TYPE type, PBYTE info,           \
                                     size_t *size, DWORD flags, LPINT error)                       \
  {                                                                                                \
    return do_get_info("WSCGetProviderInfo" #suffix, id, type, info, size, flags, error);          \
  }                                                                                                \
  static int WSPAPI set_info##suffix(LPGUID id, WSC_PROVIDER_INFO_TYPE type, PBYTE info,           \
                                     size_t size, DWORD flags, LPINT error)                        \
  {                                                                                                \
    return do_set_info("WSCSetProviderInfo" #suffix, id, type, info, size, flags, error);          \
  }

FUNCTIONS_OF_A_WIDTH(, )

#ifdef _WIN64
FUNCTIONS_OF_A_WIDTH(32, 64_32)

static int WSPAPI install_chains(LPGUID id, LPWSTR path, LPWSTR path32, LPWSTR lsp, DWORD services,
                                 LPWSAPROTOCOL_INFOW infos, DWORD count, LPDWORD entry, LPINT error)
{
  note("WSCInstallProviderAndChains64_32", 9, WORD_OF(id), WORD_OF(path), WORD_OF(path32),
       WORD_OF(lsp), WORD_OF(services), WORD_OF(infos), WORD_OF(count), WORD_OF(entry),
       WORD_OF(error));
  return answer(error);
}
#else
static int WSPAPI install_chains(LPGUID id, LPWSTR path, LPWSTR lsp, DWORD services,
                                 LPWSAPROTOCOL_INFOW infos, DWORD count, LPDWORD entry, LPINT error)
{
  note("WSCInstallProviderAndChains", 8, WORD_OF(id), WORD_OF(path), WORD_OF(lsp),
       WORD_OF(services), WORD_OF(infos), WORD_OF(count), WORD_OF(entry), WORD_OF(error));
  return answer(error);
}
#endif

static int WSPAPI get_application(LPCWSTR path, DWORD length, LPCWSTR extra, DWORD extra_length,
                                  DWORD *categories, LPINT error)
{
  note("WSCGetApplicationCategory", 6, WORD_OF(path), WORD_OF(length), WORD_OF(extra),
       WORD_OF(extra_length), WORD_OF(categories), WORD_OF(error));
  *categories = programs_categories;
  return answer(error);
}

static int WSPAPI set_application(LPCWSTR path, DWORD length, LPCWSTR extra, DWORD extra_length,
                                  DWORD categories, DWORD *before, LPINT error)
{
  note("WSCSetApplicationCategory", 7, WORD_OF(path), WORD_OF(length), WORD_OF(extra),
       WORD_OF(extra_length), WORD_OF(categories), WORD_OF(before), WORD_OF(error));
  return answer(error);
}

static int WSAAPI config_change(LPHANDLE handle, LPWSAOVERLAPPED overlapped,
                                LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  note("WSAProviderConfigChange", 3, WORD_OF(handle), WORD_OF(overlapped), WORD_OF(routine));
  if (outcome == 0)
    return 0;
  SetLastError((DWORD)outcome);
  return SOCKET_ERROR;
}

/* --- how the DLL finds them --------------------------------------------------------------- */

static const struct replaced_import functions[] = {
    REPLACED_IMPORT(WSCEnumProtocols, enumerate),
    REPLACED_IMPORT(WSCGetProviderPath, get_path),
    REPLACED_IMPORT(WSCInstallProvider, install),
    REPLACED_IMPORT(WSCUpdateProvider, update),
    REPLACED_IMPORT(WSCDeinstallProvider, deinstall),
    REPLACED_IMPORT(WSCWriteProviderOrder, order),
    REPLACED_IMPORT(WSCGetProviderInfo, get_info),
    REPLACED_IMPORT(WSCSetProviderInfo, set_info),
    REPLACED_IMPORT(WSCGetApplicationCategory, get_application),
    REPLACED_IMPORT(WSCSetApplicationCategory, set_application),
    REPLACED_IMPORT(WSAProviderConfigChange, config_change),
#ifdef _WIN64
    REPLACED_IMPORT(WSCEnumProtocols32, enumerate32),
    REPLACED_IMPORT(WSCGetProviderPath32, get_path32),
    REPLACED_IMPORT(WSCInstallProvider64_32, install32),
    REPLACED_IMPORT(WSCUpdateProvider32, update32),
    REPLACED_IMPORT(WSCDeinstallProvider32, deinstall32),
    REPLACED_IMPORT(WSCWriteProviderOrder32, order32),
    REPLACED_IMPORT(WSCGetProviderInfo32, get_info32),
    REPLACED_IMPORT(WSCSetProviderInfo32, set_info32),
    REPLACED_IMPORT(WSCInstallProviderAndChains64_32, install_chains),
#else
    REPLACED_IMPORT(WSCInstallProviderAndChains, install_chains),
#endif
};

/* The function that this system lacks. */
static const char *missing = "wine_get_version";

static FARPROC WINAPI find_function(HMODULE module, LPCSTR name)
{
  if (strcmp(name, missing) == 0 || strcmp(name, "wine_get_version") == 0)
    return NULL;
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
    if (strcmp(name, functions[i].name) == 0)
      return functions[i].function;
  return GetProcAddress(module, name);
}

static const struct replaced_import imports[] = {REPLACED_IMPORT(GetProcAddress, find_function)};

/* --- set-up --------------------------------------------------------------------------- */

static GUID guid;
static WSAPROTOCOL_INFOW info;
static const WCHAR NOTHING[] = L"";
static WCHAR PATH[] = L"%SystemRoot%\\system32\\layer.dll";

static int reopen(void)
{
  int error = UNTOUCHED;

  return Ws2SpiOpenCatalog(WS2SPI_CATALOG_SYSTEM, &error) == 0 ? 0 : error;
}

static void set_entry(int place, DWORD id, int chain_length)
{
  fake_provider_info(&entries[place]);
  entries[place].ProviderId = numbered_guid(id);
  entries[place].dwCatalogEntryId = id;
  entries[place].iAddressFamily = AF_INET;
  entries[place].iSocketType = SOCK_STREAM;
  entries[place].iProtocol = IPPROTO_TCP;
  entries[place].ProtocolChain.ChainLen = chain_length;
}

static int start_with_a_whole_catalog(void **state)
{
  set_entry(0, CHAIN, 2);
  entries[0].ProtocolChain.ChainEntries[0] = LAYER;
  entries[0].ProtocolChain.ChainEntries[1] = BASE;
  set_entry(1, BASE, BASE_PROTOCOL);
  set_entry(2, LAYER, LAYERED_PROTOCOL);
  paths[0] = paths[2] = PATH;
  paths[1] = L"%SystemRoot%\\system32\\base.dll";
  held = 3;
  has_paths = TRUE;
  outcome = growing = unreadable = 0;
  layers_categories = programs_categories = 0;
  missing = "wine_get_version";
  memset(&asked, 0, sizeof asked);
  return reopen();
}

static int replace_the_system(void **state)
{
  guid = numbered_guid(1);
  fake_provider_info(&info);
  replace_imports(imports, 1);
  replace_memory();
  return start_with_a_whole_catalog(state);
}

/* --- each function is forwarded ----------------------------------------------------------- */

static int error_of_call;

static void assert_asked(const char *name, int count, ...)
{
  va_list arguments;

  va_start(arguments, count);
  assert_string_equal(asked.name, name);
  for (int i = 0; i < count; i++)
    assert_true(asked.argument[i] == va_arg(arguments, ULONG_PTR));
  va_end(arguments);
  memset(&asked, 0, sizeof asked);
}

/* The call succeeds and fails as the system's function does. Without that function it fails at
 * once. */
#define ASSERT_IS_FORWARDED(function, call, count, ...)                                            \
  do {                                                                                             \
    outcome = 0;                                                                                   \
    error_of_call = UNTOUCHED;                                                                     \
    assert_int_equal(call, 0);                                                                     \
    assert_asked(function, count, __VA_ARGS__);                                                    \
    outcome = FAILED;                                                                              \
    assert_int_equal(call, SOCKET_ERROR);                                                          \
    assert_int_equal(error_of_call, FAILED);                                                       \
    assert_asked(function, count, __VA_ARGS__);                                                    \
    missing = function;                                                                            \
    assert_int_equal(call, SOCKET_ERROR);                                                          \
    assert_int_equal(error_of_call, WSANO_RECOVERY);                                               \
    assert_string_equal(asked.name, "");                                                           \
    missing = "wine_get_version";                                                                  \
  } while (0)

#define ARGUMENT_ERROR WORD_OF(&error_of_call)

static void install_and_update_are_forwarded(void **state)
{
#define SAME_FOUR WORD_OF(&guid), WORD_OF(PATH), WORD_OF(&info), WORD_OF(1)
  ASSERT_IS_FORWARDED("WSCInstallProvider",
                      WSCInstallProvider(&guid, PATH, &info, 1, &error_of_call), 5, SAME_FOUR,
                      ARGUMENT_ERROR);
  ASSERT_IS_FORWARDED("WSCUpdateProvider", WSCUpdateProvider(&guid, PATH, &info, 1, &error_of_call),
                      5, SAME_FOUR, ARGUMENT_ERROR);
  ASSERT_IS_FORWARDED("WSCDeinstallProvider", WSCDeinstallProvider(&guid, &error_of_call), 2,
                      WORD_OF(&guid), ARGUMENT_ERROR);
#ifdef _WIN64
  ASSERT_IS_FORWARDED("WSCInstallProvider64_32",
                      WSCInstallProvider64_32(&guid, PATH, &info, 1, &error_of_call), 5, SAME_FOUR,
                      ARGUMENT_ERROR);
  ASSERT_IS_FORWARDED("WSCUpdateProvider32",
                      WSCUpdateProvider32(&guid, PATH, &info, 1, &error_of_call), 5, SAME_FOUR,
                      ARGUMENT_ERROR);
  ASSERT_IS_FORWARDED("WSCDeinstallProvider32", WSCDeinstallProvider32(&guid, &error_of_call), 2,
                      WORD_OF(&guid), ARGUMENT_ERROR);
#endif
}

static void install_with_chains_is_forwarded(void **state)
{
  WCHAR name[] = L"Layer";
  DWORD id;

#ifdef _WIN64
  WCHAR path32[] = L"C:\\layer32.dll";

  ASSERT_IS_FORWARDED(
      "WSCInstallProviderAndChains64_32",
      WSCInstallProviderAndChains64_32(&guid, PATH, path32, name, 1, &info, 1, &id, &error_of_call),
      9, WORD_OF(&guid), WORD_OF(PATH), WORD_OF(path32), WORD_OF(name), WORD_OF(1), WORD_OF(&info),
      WORD_OF(1), WORD_OF(&id), ARGUMENT_ERROR);
#else
  ASSERT_IS_FORWARDED("WSCInstallProviderAndChains",
                      WSCInstallProviderAndChains(&guid, PATH, name, 1, (LPWSAPROTOCOL_INFO)&info,
                                                  1, &id, &error_of_call),
                      8, WORD_OF(&guid), WORD_OF(PATH), WORD_OF(name), WORD_OF(1), WORD_OF(&info),
                      WORD_OF(1), WORD_OF(&id), ARGUMENT_ERROR);
#endif
}

static void categories_are_forwarded(void **state)
{
  DWORD value = 0;
  size_t size = sizeof value;

#define SAME_THREE WORD_OF(&guid), WORD_OF(ProviderInfoLspCategories), WORD_OF(&value)
#define PROGRAM    WORD_OF(PATH), WORD_OF(10), WORD_OF(NOTHING), WORD_OF(0)
  ASSERT_IS_FORWARDED(
      "WSCGetProviderInfo",
      WSCGetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&value, &size, 0, &error_of_call),
      6, SAME_THREE, WORD_OF(&size), WORD_OF(0), ARGUMENT_ERROR);
  ASSERT_IS_FORWARDED(
      "WSCSetProviderInfo",
      WSCSetProviderInfo(&guid, ProviderInfoLspCategories, (PBYTE)&value, size, 0, &error_of_call),
      6, SAME_THREE, WORD_OF(size), WORD_OF(0), ARGUMENT_ERROR);
#ifdef _WIN64
  ASSERT_IS_FORWARDED("WSCGetProviderInfo32",
                      WSCGetProviderInfo32(&guid, ProviderInfoLspCategories, (PBYTE)&value, &size,
                                           0, &error_of_call),
                      6, SAME_THREE, WORD_OF(&size), WORD_OF(0), ARGUMENT_ERROR);
  ASSERT_IS_FORWARDED("WSCSetProviderInfo32",
                      WSCSetProviderInfo32(&guid, ProviderInfoLspCategories, (PBYTE)&value, size, 0,
                                           &error_of_call),
                      6, SAME_THREE, WORD_OF(size), WORD_OF(0), ARGUMENT_ERROR);
#endif
  ASSERT_IS_FORWARDED("WSCGetApplicationCategory",
                      WSCGetApplicationCategory(PATH, 10, NOTHING, 0, &value, &error_of_call), 6,
                      PROGRAM, WORD_OF(&value), ARGUMENT_ERROR);
  ASSERT_IS_FORWARDED("WSCSetApplicationCategory",
                      WSCSetApplicationCategory(PATH, 10, NOTHING, 0, 7, &value, &error_of_call), 7,
                      PROGRAM, WORD_OF(7), WORD_OF(&value), ARGUMENT_ERROR);
}

static void order_is(const char *name, int(WSPAPI *write)(LPDWORD, DWORD))
{
  DWORD ids[] = {BASE, CHAIN};

  outcome = 0;
  assert_int_equal(write(ids, 2), 0);
  assert_asked(name, 2, WORD_OF(ids), WORD_OF(2));
  outcome = FAILED;
  assert_int_equal(write(ids, 2), FAILED);
  missing = name;
  assert_int_equal(write(ids, 2), WSANO_RECOVERY);
}

static void order_is_forwarded(void **state)
{
  order_is("WSCWriteProviderOrder", WSCWriteProviderOrder);
#ifdef _WIN64
  order_is("WSCWriteProviderOrder32", WSCWriteProviderOrder32);
#endif
}

static void config_change_is_forwarded(void **state)
{
  HANDLE handle = NULL;
  WSAOVERLAPPED overlapped = {0};

  assert_int_equal(WSAProviderConfigChange(&handle, &overlapped, NULL), 0);
  assert_asked("WSAProviderConfigChange", 3, WORD_OF(&handle), WORD_OF(&overlapped), WORD_OF(NULL));
  outcome = WSA_IO_PENDING;
  assert_int_equal(WSAProviderConfigChange(&handle, &overlapped, NULL), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSA_IO_PENDING);
  outcome = 0;
  handle = &overlapped; /* not one of our handles */
  memset(&asked, 0, sizeof asked);
  assert_int_equal(WSAProviderConfigChange(&handle, NULL, NULL), 0);
  assert_asked("WSAProviderConfigChange", 3, WORD_OF(&handle), WORD_OF(NULL), WORD_OF(NULL));
  missing = "WSAProviderConfigChange";
  assert_int_equal(WSAProviderConfigChange(&handle, &overlapped, NULL), SOCKET_ERROR);
  assert_int_equal(GetLastError(), WSAEOPNOTSUPP);
}

/* --- reading the system's catalog --------------------------------------------------------- */

static int list(DWORD width, WS2SPI_CATALOG_ENTRY *listed, int room, int *error)
{
  DWORD bytes = (DWORD)room * (DWORD)sizeof *listed;

  *error = UNTOUCHED;
  listed->dwSize = sizeof *listed;
  return Ws2SpiEnumCatalog(width, listed, &bytes, error);
}

static void assert_lists_the_catalog(DWORD width)
{
  WS2SPI_CATALOG_ENTRY listed[3];
  int error;

  assert_int_equal(list(width, listed, 3, &error), 3);
  for (int i = 0; i < 3; i++) {
    assert_memory_equal(&listed[i].ProtocolInfo, &entries[i], sizeof entries[i]);
    assert_int_equal(wcscmp(listed[i].szPath, paths[i]), 0);
  }
}

static void system_entries_are_listed_with_their_paths(void **state)
{
  WS2SPI_CATALOG_ENTRY listed[3];
  int error;

  assert_lists_the_catalog(WS2SPI_WIDTH_NATIVE);
  has_paths = FALSE;
  assert_int_equal(list(WS2SPI_WIDTH_NATIVE, listed, 3, &error), 3);
  for (int i = 0; i < 3; i++)
    assert_int_equal(wcscmp(listed[i].szPath, L"%SystemRoot%\\system32\\mswsock.dll"), 0);
}

#ifdef _WIN64
static void system_entries_of_the_32_bit_catalog_are_listed(void **state)
{
  assert_lists_the_catalog(WS2SPI_WIDTH_32);
}
#endif

static void system_catalog_is_the_default(void **state)
{
  WCHAR word[16];
  int error;

  assert_in_range(GetEnvironmentVariableW(L"WS2SPI_CATALOG", word, 16), 1, 15);
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_MEMORY, &error), 0);
  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", NULL));
  assert_int_equal(Ws2SpiOpenCatalog(WS2SPI_CATALOG_DEFAULT, &error), 0);
  assert_true(SetEnvironmentVariableW(L"WS2SPI_CATALOG", word));
  assert_lists_the_catalog(WS2SPI_WIDTH_NATIVE);
}

static void chain_of_invalid_length_is_skipped(void **state)
{
  static const int lengths[] = {MAX_PROTOCOL_CHAIN + 1, MAXLONG, -1, (int)0x80000000};
  WS2SPI_CATALOG_ENTRY listed[3];
  int error;

  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    entries[0].ProtocolChain.ChainLen = lengths[i];
    assert_int_equal(list(WS2SPI_WIDTH_NATIVE, listed, 3, &error), 2);
    assert_memory_equal(&listed[0].ProtocolInfo, &entries[1], sizeof entries[1]);
    assert_memory_equal(&listed[1].ProtocolInfo, &entries[2], sizeof entries[2]);
  }
}

/* The function is missing, or it fails. */
static void unreadable_system_catalog_is_no_recovery(void **state)
{
  static const char *const needed[] = {"WSCEnumProtocols", "WSCGetProviderPath"};
  WS2SPI_CATALOG_ENTRY listed[3];
  int error;

  for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
    missing = needed[i];
    assert_int_equal(list(WS2SPI_WIDTH_NATIVE, listed, 3, &error), SOCKET_ERROR);
    assert_int_equal(error, WSANO_RECOVERY);
  }
  missing = "wine_get_version";
  unreadable = WSANO_RECOVERY;
  assert_int_equal(list(WS2SPI_WIDTH_NATIVE, listed, 3, &error), SOCKET_ERROR);
  assert_int_equal(error, WSANO_RECOVERY);
  unreadable = 0;
  assert_lists_the_catalog(WS2SPI_WIDTH_NATIVE);
}

static void growing_system_catalog_is_read_again(void **state)
{
  growing = 3;
  assert_lists_the_catalog(WS2SPI_WIDTH_NATIVE);
  assert_int_equal(growing, 0);
}

static void shortage_of_memory_is_reported_and_changes_nothing(void **state)
{
  WS2SPI_CATALOG_ENTRY listed[3];
  int error, count, failures = 0;

  for (int n = 1; n < 1000; n++) {
    memory_fails_at(n, FALSE);
    count = list(WS2SPI_WIDTH_NATIVE, listed, 3, &error);
    if (count != SOCKET_ERROR)
      break;
    assert_int_equal(error, WSA_NOT_ENOUGH_MEMORY);
    failures++;
  }
  assert_int_equal(count, 3);
  assert_in_range(failures, 3, 100);
  memory_fails_at(0, FALSE);
  assert_lists_the_catalog(WS2SPI_WIDTH_NATIVE);
}

/* --- categories of layers and applications ------------------------------------------------ */

static DWORD selected_id(void)
{
  WSAPROTOCOL_INFOW selected;
  int error;

  assert_int_equal(reopen(), 0); /* so that the program's categories are read again */
  assert_int_equal(Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, IPPROTO_TCP,
                                        &selected, &error),
                   0);
  return selected.dwCatalogEntryId;
}

static void excluded_layers_are_not_loaded(void **state)
{
  programs_categories = LSP_SYSTEM;
  layers_categories = LSP_SYSTEM | LSP_FIREWALL;
  assert_int_equal(selected_id(), BASE);
  layers_categories = LSP_SYSTEM;
  assert_int_equal(selected_id(), CHAIN);
}

/* Only an application with LSP_SYSTEM needs layers with LSP_SYSTEM. */
static void permitted_layers_are_loaded(void **state)
{
  programs_categories = LSP_FIREWALL | LSP_PROXY;
  layers_categories = LSP_FIREWALL;
  assert_int_equal(selected_id(), CHAIN);
  programs_categories |= LSP_SYSTEM;
  assert_int_equal(selected_id(), BASE);
  layers_categories |= LSP_SYSTEM;
  assert_int_equal(selected_id(), CHAIN);
}

static void missing_categories_count_as_none(void **state)
{
  programs_categories = LSP_SYSTEM;
  layers_categories = LSP_FIREWALL;
  missing = "WSCGetApplicationCategory";
  assert_int_equal(selected_id(), CHAIN);
  missing = "WSCGetProviderInfo"; /* then the layer has no categories */
  assert_int_equal(selected_id(), BASE);
  missing = "wine_get_version";
  outcome = WSASERVICE_NOT_FOUND;
  assert_int_equal(selected_id(), CHAIN);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, start_with_a_whole_catalog)
  const struct CMUnitTest tests[] = {
      TEST(install_and_update_are_forwarded),
      TEST(install_with_chains_is_forwarded),
      TEST(categories_are_forwarded),
      TEST(order_is_forwarded),
      TEST(config_change_is_forwarded),
      TEST(system_entries_are_listed_with_their_paths),
#ifdef _WIN64
      TEST(system_entries_of_the_32_bit_catalog_are_listed),
#endif
      TEST(system_catalog_is_the_default),
      TEST(chain_of_invalid_length_is_skipped),
      TEST(unreadable_system_catalog_is_no_recovery),
      TEST(growing_system_catalog_is_read_again),
      TEST(shortage_of_memory_is_reported_and_changes_nothing),
      TEST(excluded_layers_are_not_loaded),
      TEST(permitted_layers_are_loaded),
      TEST(missing_categories_count_as_none),
  };

  return cmocka_run_group_tests(tests, replace_the_system, NULL);
}
