#include "blocking/winsock_state.h"

#include "catalog/catalog.h"
#include "platform/caller_memory.h"
#include "platform/log.h"
#include "platform/system_winsock.h"

atomic_int winsock_state = WINSOCK_NEVER_STARTED;
static SRWLOCK counter_lock = SRWLOCK_INIT;
static unsigned long startups; /* successful, less clean-ups */

/* One request for 1.x makes the whole process a 1.x one until the last clean-up:
 * the version is negotiated per process, and the lowest request counts. */
static void count_startup(WORD version)
{
  AcquireSRWLockExclusive(&counter_lock);
  if (LOBYTE(version) < 2)
    atomic_store(&winsock_state, WINSOCK_STARTED_1);
  else if (startups == 0)
    atomic_store(&winsock_state, WINSOCK_STARTED_2);
  startups++;
  ReleaseSRWLockExclusive(&counter_lock);
}

/* A program may also call the system's WSAStartup past the shim; its clean-ups
 * through the shim then exceed our count. */
static void count_cleanup(void)
{
  AcquireSRWLockExclusive(&counter_lock);
  if (startups > 0 && --startups == 0)
    atomic_store(&winsock_state, WINSOCK_CLEANED_UP);
  ReleaseSRWLockExclusive(&counter_lock);
}

int winsock_state_refuses_hooks(void)
{
  switch (atomic_load_explicit(&winsock_state, memory_order_relaxed)) {
  case WINSOCK_STARTED_2:
    return WSAEOPNOTSUPP;
  case WINSOCK_CLEANED_UP:
    return WSANOTINITIALISED;
  default:
    return 0;
  }
}

bool blocking_winsock_is_down(void)
{
  return winsock_state_is_down();
}

/* The system writes the caller's WSADATA even when it refuses the version, so that
 * the caller learns which one it has. */
static int start_system(const struct system_winsock *system, WORD version, LPWSADATA caller_data)
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
  error = start_system(system, wVersionRequested, lpWSAData);
  if (error == 0) {
    count_startup(wVersionRequested);
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
    log_event("WSACleanup: %s", system == NULL ? "there is no ws2_32.dll of the system"
                                               : "called from inside a blocking hook");
    SetLastError(system == NULL ? WSANOTINITIALISED : WSAEINPROGRESS);
    return SOCKET_ERROR;
  }
  if (system->WSACleanup() != 0)
    return SOCKET_ERROR;
  count_cleanup();
  return 0;
}
