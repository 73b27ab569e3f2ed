#include "blocking/blocking.h"
#include "blocking/winsock_state.h"
#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/log.h"
#include "platform/system_winsock.h"

/* The system fills the caller's WSADATA even if it refuses the version, so that the caller can see
 * which version there is. */
static int wsa_startup_system(const struct system_winsock *system, WORD version,
                              LPWSADATA caller_data)
{
  WSADATA data;
  int error;

  if (!caller_read(&data, caller_data, sizeof data) || !caller_can_write(caller_data, sizeof data))
    return WSAEFAULT;
  error = system->WSAStartup(version, &data);
  if (!caller_write(caller_data, &data, sizeof data)) {
    if (error == 0)
      system->WSACleanup();
    return WSAEFAULT;
  }
  return error;
}

int WSAAPI WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData)
{
  const struct system_winsock *system = system_winsock();
  int error;

  if (blocking_in_callback()) {
    log_event("WSAStartup: called from inside a blocking hook");
    return WSAEINPROGRESS;
  }
  if (system == NULL)
    return WSASYSNOTREADY;
  error = wsa_startup_system(system, wVersionRequested, lpWSAData);
  if (error == 0) {
    winsock_state_count_startup(wVersionRequested);
    catalog_read_application_categories();
  } else {
    log_event("WSAStartup for version %u.%u: error %d", LOBYTE(wVersionRequested),
              HIBYTE(wVersionRequested), error);
  }
  return error;
}

int WSAAPI WSACleanup(void)
{
  const struct system_winsock *system = system_winsock();

  if (blocking_in_callback() || system == NULL) {
    log_event("WSACleanup: %s", system == NULL ? "the system's ws2_32.dll could not be loaded"
                                               : "called from inside a blocking hook");
    SetLastError(system == NULL ? WSANOTINITIALISED : WSAEINPROGRESS);
    return SOCKET_ERROR;
  }
  if (system->WSACleanup() != 0)
    return SOCKET_ERROR;
  winsock_state_count_cleanup();
  return 0;
}
