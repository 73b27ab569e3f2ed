/* Failures while a program waits for changes of the catalog. What the DLL then keeps for as long as
 * it is loaded, which is for good, is not to grow. */
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
  return error_of_failure((int)GetLastError());
}

static int change(const struct shim *shim)
{
  WSAPROTOCOL_INFOW entry = plain_entry();
  GUID id = plain_provider_id;
  int error = 0;

  return CALL(shim, WSCInstallProvider)(&id, L"C:\\nowhere\\provider.dll", &entry, 1, &error) == 0
             ? remove_provider(shim, &id)
             : error_of_failure(error);
}

/* A change that failed may have changed nothing. */
static int surely_change(const struct shim *shim)
{
  const int outcome = change(shim);

  if (outcome != 0)
    change(shim);
  return outcome;
}

/* The system can fail to set the event or to write the byte by which a wait ends: then the next
 * change ends it. */
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

/* Without a failure it is only a question of time. */
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

/* That the handle was closed is found out at a change, on a thread of the system's; or, if that could
 * not be asked for, at the next call for a handle. */
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

static void waiting_for_a_change_reports_it(void **state)
{
  const struct scenario scenario = {
      .run = wait_and_be_told,
      .made_up_for =
          {{"WSAProviderConfigChange", "RegNotifyChangeKeyValue",
            "changes are looked for at each call"},
           {"WSAProviderConfigChange", "RegQueryValueExW", "the same"},
           {"WSCInstallProvider", "SetEvent", "the next change tells who waits"},
           {"WSCInstallProvider", "WriteFile", "the same"},
           {"WSCInstallProvider", "CancelIo", "nothing was left to cancel"},
           {"WSCInstallProvider", "RegNotifyChangeKeyValue", "the next change tells who waits"},
           {"WSCInstallProvider", "RegQueryValueExW", "the same, asked by a thread of the pool"},
           {"WSCDeinstallProvider", "SetEvent", "the same"},
           {"WSCDeinstallProvider", "WriteFile", "the same"},
           {"WSCDeinstallProvider", "CancelIo", "nothing was left to cancel"},
           {"WSCDeinstallProvider", "RegNotifyChangeKeyValue", "the next change tells who waits"},
           {"WSCDeinstallProvider", "RegQueryValueExW", "the same, asked by a thread of the pool"}},
      .leaves_in_registry = {
          {"WSAProviderConfigChange", "the key that is watched: others may watch it by now"}}};

  sweep(&scenario);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(waiting_for_a_change_reports_it, free_what_is_loaded),
  };

  return cmocka_run_group_tests(tests, NULL, print_sum_of_sweeps);
}
