/* The log says why a start failed. */
#include "support/cmocka_headers.h"

#include "lsp_entries.h"
#include "support/log_file.h"

#include <stdio.h>

static WSPPROC_TABLE table;

/* Fails to start the entry, and searches the log line for the entry and the reason. */
static void assert_logs(DWORD id, int outcome, const char *reason)
{
  char entry[32];
  const char *line;

  snprintf(entry, sizeof entry, "entry %lu: ", id);
  assert_int_equal(start(id, &table), outcome);
  line = log_file_last_line();
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
  assert_path_logs(L"fake_lsp.dll", "not absolute: fake_lsp.dll");
}

static void load_error_is_named(void **state)
{
  /* ERROR_MOD_NOT_FOUND */
  assert_path_logs(L"C:\\not_there.dll", "C:\\not_there.dll failed with error 126");
}

static void missing_export_is_named(void **state)
{
  assert_path_logs(beside(L"no_startup.dll"), "does not export WSPStartup");
}

static void startup_failures_are_named(void **state)
{
  const DWORD id = fake_provider_register();
  int error;

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
  assert_path_logs(L"C:\\\x65E5\x672C\\lsp.dll",
                   "loading C:\\\xE6\x97\xA5\xE6\x9C\xAC\\lsp.dll failed with error ");
}

static void unknown_ids_are_named(void **state)
{
  assert_logs(999998, WSAEINVAL, "not in the catalog");
  assert_int_equal(stop(999997), WSAEINVAL);
  assert_non_null(strstr(log_file_last_line(), "entry 999997: not stopped, error 10022"));
}

static void a_dll_of_the_other_word_size_is_explained(void **state)
{
  const WCHAR *path = beside(L"host_log_no_dll.txt");
  const HANDLE file =
      CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
  DWORD written;

  assert_true(file != INVALID_HANDLE_VALUE);
  assert_true(WriteFile(file, "no DLL", 6, &written, NULL));
  CloseHandle(file);
  /* ERROR_BAD_EXE_FORMAT */
  assert_path_logs(path, "failed with error 193, perhaps a DLL of the other");
  assert_true(DeleteFileW(path));
}

static void failing_cleanup_is_named(void **state)
{
  const DWORD id = fake_provider_register();
  int error;

  fake_provider_reset();
  assert_int_equal(start(id, &table), 0);
  fake_provider.call[FAKE_Cleanup].result = SOCKET_ERROR;
  fake_provider.call[FAKE_Cleanup].error = WSAENETDOWN;
  assert_int_equal(stop(id), WSAENETDOWN);
  assert_non_null(strstr(log_file_last_line(), "WSPCleanup failed with error 10050"));
  fake_provider_reset();
  assert_int_equal(stop(id), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(id, &error), 0);
}

static DWORD own_entry;
static unsigned lines_inside[2];

static void start_and_stop_itself(void)
{
  WSPPROC_TABLE inner;

  start(own_entry, &inner);
  lines_inside[0] = log_file_lines();
  stop(own_entry);
  lines_inside[1] = log_file_lines();
}

static void starting_or_stopping_oneself_is_explained(void **state)
{
  unsigned before;
  int error;

  fake_provider_reset();
  fake_provider.in_startup = start_and_stop_itself;
  own_entry = fake_provider_register();
  before = log_file_lines();
  assert_int_equal(start(own_entry, &table), 0);
  assert_int_equal(lines_inside[0], before + 1);
  assert_int_equal(lines_inside[1], before + 2);
  assert_non_null(strstr(log_file_last_line(),
                         "not stopped, error 10036: this thread is already starting or stopping"));
  assert_int_equal(stop(own_entry), 0);
  assert_int_equal(Ws2SpiUnregisterProvider(own_entry, &error), 0);
}

static void logging_preserves_the_last_error(void **state)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error = 0;

  SetLastError(0x5A5A);
  assert_int_equal(WPUQueryBlockingCallback(999999, &callback, &context, &error), SOCKET_ERROR);
  assert_int_equal(GetLastError(), 0x5A5A);
  assert_int_equal(error, WSAEINVAL);
  assert_non_null(strstr(log_file_last_line(), "entry 999999, error 10022, not in the catalog"));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(relative_path_is_named),
      cmocka_unit_test(load_error_is_named),
      cmocka_unit_test(missing_export_is_named),
      cmocka_unit_test(startup_failures_are_named),
      cmocka_unit_test(a_path_in_any_script_is_shown_as_utf_8),
      cmocka_unit_test(unknown_ids_are_named),
      cmocka_unit_test(a_dll_of_the_other_word_size_is_explained),
      cmocka_unit_test(failing_cleanup_is_named),
      cmocka_unit_test(starting_or_stopping_oneself_is_explained),
      cmocka_unit_test(logging_preserves_the_last_error),
  };

  return cmocka_run_group_tests(tests, log_file_open, log_file_remove);
}
