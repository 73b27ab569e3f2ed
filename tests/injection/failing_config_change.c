/* Failures while a program waits for changes of the catalog. The DLL keeps some objects for as long
 * as it is loaded, which is until the process ends; they must not become more. */
#include "support/cmocka_headers.h"

#include "injection/injection.h"
#include "injection/plain_provider.h"
#include "injection/sweep.h"

#include <string.h>

enum { SOON = 1000, LONG_ENOUGH = 30000, ENDS_OF_PIPE = 2 };

static int wait_for_change(const struct shim *shim, HANDLE *handle, WSAOVERLAPPED *overlapped)
{
  if (CALL(shim, WSAProviderConfigChange)(handle, overlapped, NULL) == 0 ||
      GetLastError() == WSA_IO_PENDING)
    return 0;
  return report_error((int)GetLastError());
}

static int change(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = plain_provider_id;
  int error = 0;

  return CALL(shim, WSCInstallProvider)(&id, L"C:\\nowhere\\provider.dll", &entry, 1, &error) == 0
             ? remove_provider(shim, &id)
             : report_error(error);
}

/* A change that failed may have changed nothing, so it is repeated. */
static int surely_change(const struct shim *shim)
{
  const int outcome = change(shim);

  if (outcome != 0)
    change(shim);
  return outcome;
}

/* The system can fail to set the event or to write the byte that ends a wait. Then the next change
 * ends it. */
static BOOL is_told(const struct shim *shim, HANDLE event)
{
  while (WaitForSingleObject(event, SOON) != WAIT_OBJECT_0)
    if (injection_failure().call != NULL)
      break;
  if (WaitForSingleObject(event, 0) == WAIT_OBJECT_0)
    return TRUE;
  change(shim);
  return WaitForSingleObject(event, LONG_ENOUGH) == WAIT_OBJECT_0;
}

static int be_told(const struct shim *shim, HANDLE handle)
{
  WSAOVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
  int error = wait_for_change(shim, &handle, &overlapped);

  if (error == 0) {
    error = surely_change(shim);
    if (!is_told(shim, overlapped.hEvent))
      error = WSABASEERR;
  }
  CancelIo(handle);
  CloseHandle(overlapped.hEvent);
  return error;
}

/* Without a failure the handle is always forgotten in the end. */
static BOOL is_forgotten(LONG handles, int milliseconds)
{
  for (int i = 0; resource_held(HANDLES) > handles; i++) {
    if (i >= milliseconds && injection_failure().call != NULL)
      return FALSE;
    Sleep(1);
  }
  return TRUE;
}

static void close_ours(HANDLE handle)
{
  CloseHandle(handle);
  resource_given_back(HANDLES);
}

/* A thread of the system notices at a change that the handle was closed; if that thread could not
 * be had, the next call for a handle notices it. */
static int forget(const struct shim *shim, HANDLE handle, LONG handles)
{
  HANDLE another = NULL;
  int outcome;

  close_ours(handle);
  outcome = surely_change(shim);
  if (is_forgotten(handles, SOON))
    return outcome;
  if (wait_for_change(shim, &another, NULL) != 0)
    return WSABASEERR;
  close_ours(another);
  change(shim);
  return is_forgotten(handles, LONG_ENOUGH) ? outcome : WSABASEERR;
}

static int wait_and_be_told(const struct shim *shim)
{
  HANDLE handle = NULL;
  LONG handles;
  int error, forgotten;

  error = wait_for_change(shim, &handle, NULL);
  if (error != 0)
    return error;
  handles = resource_held(HANDLES) - ENDS_OF_PIPE;
  error = be_told(shim, handle);
  forgotten = forget(shim, handle, handles);
  return error != 0 ? error : forgotten;
}

static void waiting_for_a_change_reports_each_failure(void **state)
{
  const struct scenario scenario = {
      .run = wait_and_be_told,
      .recovered =
          {{"WSAProviderConfigChange", "RegNotifyChangeKeyValue",
            "each call looks for changes itself"},
           {"WSAProviderConfigChange", "RegQueryValueExW", "the same"},
           {"WSCInstallProvider", "SetEvent", "the next change ends the wait"},
           {"WSCInstallProvider", "WriteFile", "the same"},
           {"WSCInstallProvider", "CancelIo", "there was nothing left to cancel"},
           {"WSCInstallProvider", "RegNotifyChangeKeyValue", "the next change ends the wait"},
           {"WSCInstallProvider", "RegQueryValueExW", "the same, on a thread of the pool"},
           {"WSCDeinstallProvider", "SetEvent", "the same"},
           {"WSCDeinstallProvider", "WriteFile", "the same"},
           {"WSCDeinstallProvider", "CancelIo", "there was nothing left to cancel"},
           {"WSCDeinstallProvider", "RegNotifyChangeKeyValue", "the next change ends the wait"},
           {"WSCDeinstallProvider", "RegQueryValueExW", "the same, on a thread of the pool"}},
      .leaves_in_registry = {
          {"WSAProviderConfigChange", "the watched key stays, because others may watch it"}}};

  sweep(&scenario);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(waiting_for_a_change_reports_each_failure, free_loaded_dll),
  };

  return cmocka_run_group_tests(tests, NULL, sweep_print_sum);
}
