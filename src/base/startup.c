/* WSPStartup and WSPCleanup. */
#include "base/base.h"

#include "base/afd_poll.h"
#include "base/socket_close.h"
#include "base/base_protocols.h"
#include "base/procedures.h"
#include "base/host_upcalls.h"
#include "base/wait.h"
#include "blocking/blocking.h"
#include "blocking/winsock_state.h"
#include "platform/caller_memory.h"
#include "platform/log.h"
#include "platform/spi_error.h"
#include "platform/system_winsock.h"

enum { DRAIN_MILLISECONDS = 2000 };

#define OLDEST_VERSION  MAKEWORD(2, 0)
#define HIGHEST_VERSION MAKEWORD(2, 2)

/* Lock: over `changing`, which is true while one thread starts or stops the provider. The lock is
 * not held then, because that thread calls the system. */
static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static bool changing;
static atomic_uint starts;

bool base_is_started(void)
{
  return atomic_load(&starts) != 0;
}

/* A version word has the major version in its low byte; this number can be compared. */
static unsigned startup_version_number(WORD version)
{
  return (unsigned)LOBYTE(version) << 8 | HIBYTE(version);
}

static int startup_negotiate(WORD requested, WORD *agreed)
{
  if (startup_version_number(requested) < startup_version_number(OLDEST_VERSION))
    return WSAVERNOTSUPPORTED;
  *agreed = startup_version_number(requested) < startup_version_number(HIGHEST_VERSION)
                ? requested
                : HIGHEST_VERSION;
  return 0;
}

/* Waits until no other thread starts or stops the provider. */
static void startup_begin_change(void)
{
  AcquireSRWLockExclusive(&lock);
  while (changing)
    SleepConditionVariableSRW(&changed, &lock, INFINITE, 0);
  changing = true;
  ReleaseSRWLockExclusive(&lock);
}

static void startup_end_change(void)
{
  AcquireSRWLockExclusive(&lock);
  changing = false;
  ReleaseSRWLockExclusive(&lock);
  WakeAllConditionVariable(&changed);
}

static int startup_start_system(void)
{
  const struct system_winsock *system = system_winsock();
  WSADATA data;
  int error;

  if (system == NULL)
    return WSASYSNOTREADY;
  error = system->WSAStartup(MAKEWORD(2, 2), &data);
  if (error == 0)
    return 0;
  log_event("base provider: the system's WSAStartup failed, error %d", error);
  return WSASYSNOTREADY;
}

static int startup_count_start(const WSPUPCALLTABLE *upcalls)
{
  int error = 0;

  startup_begin_change();
  if (!base_is_started())
    error = startup_start_system();
  if (error == 0) {
    base_protocols_read_ids();
    host_upcalls_store(upcalls);
    winsock_state_add_provider();
    atomic_fetch_add(&starts, 1);
  }
  startup_end_change();
  return error;
}

static bool startup_fill(LPWSPDATA data, LPWSPPROC_TABLE table, WORD agreed)
{
  const WSPDATA description = {agreed, HIGHEST_VERSION, L"ws2spi base provider"};

  return caller_write(data, &description, sizeof description) &&
         caller_write(table, &base_procedures, sizeof base_procedures);
}

static int startup_check_pointers(LPWSPDATA data, const WSAPROTOCOL_INFOW *info,
                                  const WSPUPCALLTABLE *upcalls, LPWSPPROC_TABLE table)
{
  WSAPROTOCOL_INFOW copy;

  if (!caller_can_write(data, sizeof *data) || !caller_can_write(table, sizeof *table) ||
      !caller_read(&copy, info, sizeof copy))
    return WSAEFAULT;
  return host_upcalls_are_complete(upcalls) ? 0 : WSAEFAULT;
}

static int startup_count_cleanup(void)
{
  int error = 0;

  startup_begin_change();
  if (!base_is_started()) {
    error = WSANOTINITIALISED;
  } else {
    const bool last = atomic_fetch_sub(&starts, 1) == 1;

    winsock_state_remove_provider();
    if (last) {
      base_sockets_close_all();
      base_waits_drain(DRAIN_MILLISECONDS);
      system_winsock()->WSACleanup();
    }
  }
  startup_end_change();
  return error;
}

int base_startup(WORD requested, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                 const WSPUPCALLTABLE *upcalls, LPWSPPROC_TABLE table)
{
  WSPUPCALLTABLE copy;
  WORD agreed;
  int error = startup_negotiate(requested, &agreed);

  if (error == 0 && blocking_in_callback())
    error = WSAEINPROGRESS;
  if (error == 0 && !caller_read(&copy, upcalls, sizeof copy))
    error = WSAEFAULT;
  if (error == 0)
    error = startup_check_pointers(data, info, &copy, table);
  if (error == 0)
    error = startup_count_start(&copy);
  if (error != 0) {
    log_event("base provider: WSPStartup for version %u.%u failed, error %d", LOBYTE(requested),
              HIBYTE(requested), error);
    return error;
  }
  if (startup_fill(data, table, agreed))
    return 0;
  startup_count_cleanup();
  return WSAEFAULT;
}

int WSPAPI base_cleanup(LPINT lpErrno)
{
  if (!spi_begin_in("WSPCleanup", lpErrno))
    return SOCKET_ERROR;
  /* The cleanup would wait for the call whose hook this is. */
  if (blocking_in_callback())
    return spi_fail_in("WSPCleanup", lpErrno, WSAEINPROGRESS);
  return spi_result_in("WSPCleanup", lpErrno, startup_count_cleanup());
}

void base_clear(void)
{
  base_wait_clear();
  base_socket_clear();
  afd_poll_clear();
}
