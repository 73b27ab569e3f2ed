/* The log says why a start failed. */
#include "support/cmocka_headers.h"

#include "lsp_entries.h"

#include <stdio.h>

static WCHAR log_path[MAX_PATH];
static WSPPROC_TABLE table;

/* Before the first event of the process, which is when the log is opened. */
static int switch_on(void **state)
{
  (void)state;
  wcscpy(log_path, beside(L"host_log.txt"));
  DeleteFileW(log_path);
  return SetEnvironmentVariableW(L"WS2SPI_LOG", log_path) ? 0 : -1;
}

static int remove_log(void **state)
{
  (void)state;
  DeleteFileW(log_path); /* it is still open in the DLL, and goes with it */
  return 0;
}

/* The last line, without its end. */
static const char *last_line(void)
{
  static char text[16384];
  DWORD bytes = 0;
  char *line;
  HANDLE file = CreateFileW(log_path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                            OPEN_EXISTING, 0, NULL);

  assert_true(file != INVALID_HANDLE_VALUE);
  assert_true(ReadFile(file, text, sizeof text - 1, &bytes, NULL));
  CloseHandle(file);
  assert_true(bytes > 0 && text[bytes - 1] == '\n');
  text[bytes - 1] = 0;
  line = strrchr(text, '\n');
  return line != NULL ? line + 1 : text;
}

/* Starts it, in vain, and looks for the entry and the reason. */
static void assert_logs(DWORD id, int outcome, const char *reason)
{
  char entry[32];
  const char *line;

  snprintf(entry, sizeof entry, "entry %lu: ", id);
  assert_int_equal(start(id, &table), outcome);
  line = last_line();
  if (strncmp(line, "ws2spi ", 7) != 0 || strstr(line, entry) == NULL ||
      strstr(line, reason) == NULL)
    fail_msg("no \"%s\" with \"%s\" in: %s", entry, reason, line);
}

static void assert_path_logs(const WCHAR *path, const char *reason)
{
  const DWORD id = install_entries(path, 1);

  assert_int_not_equal(id, 0);
  assert_logs(id, WSAEPROVIDERFAILEDINIT, reason);
  deinstall_entries();
}

static void relative_path_is_named(void **state)
{
  (void)state;
  assert_path_logs(L"fake_lsp.dll", "not absolute: fake_lsp.dll");
}

static void load_error_is_named(void **state)
{
  (void)state;
  /* ERROR_MOD_NOT_FOUND */
  assert_path_logs(L"C:\\not_there.dll", "C:\\not_there.dll failed with error 126");
}

static void missing_export_is_named(void **state)
{
  (void)state;
  assert_path_logs(beside(L"no_startup.dll"), "does not export WSPStartup");
}

static void startup_failures_are_named(void **state)
{
  const DWORD id = fake_provider_register();
  int error;

  (void)state;
  fake_provider_reset();
  fake_provider.startup_result = WSASYSNOTREADY;
  assert_logs(id, WSAEPROVIDERFAILEDINIT, "WSPStartup returned 10091");
  fake_provider_reset();
  fake_provider.version = MAKEWORD(1, 1);
  assert_logs(id, WSAEINVALIDPROVIDER, "version 1.1 instead of 2.2");
  fake_provider_reset();
  fake_provider.missing = FAKE_GetQOSByName;
  assert_logs(id, WSAEINVALIDPROCTABLE, "no WSPGetQOSByName");
  fake_provider.missing = FAKE_StringToAddress;
  assert_logs(id, WSAEINVALIDPROCTABLE, "no WSPStringToAddress");
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static void a_path_in_any_script_is_shown_as_utf_8(void **state)
{
  (void)state;
  assert_path_logs(L"C:\\\x65E5\x672C\\lsp.dll",
                   "loading C:\\\xE6\x97\xA5\xE6\x9C\xAC\\lsp.dll failed with error ");
}

static void logging_preserves_the_last_error(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error = 0;

  (void)state;
  SetLastError(0x5A5A);
  assert_int_equal(WPUQueryBlockingCallback(999999, &callback, &context, &error), SOCKET_ERROR);
  assert_int_equal(GetLastError(), 0x5A5A);
  assert_int_equal(error, WSAEINVAL);
  assert_non_null(strstr(last_line(), "entry 999999, error 10022"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(relative_path_is_named),
      cmocka_unit_test(load_error_is_named),
      cmocka_unit_test(missing_export_is_named),
      cmocka_unit_test(startup_failures_are_named),
      cmocka_unit_test(a_path_in_any_script_is_shown_as_utf_8),
      cmocka_unit_test(logging_preserves_the_last_error),
  };

  return cmocka_run_group_tests(tests, switch_on, remove_log);
}
