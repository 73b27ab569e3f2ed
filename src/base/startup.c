/* The provider's life: WSPStartup, WSPCleanup. */
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

/* Lock: over the count and the steps of starting and stopping between its changes,
 * which call no hook and no provider; the system's WSAStartup and WSACleanup are
 * called under a state of their own instead (`changing`). */
static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static bool changing;
static atomic_uint starts;

bool base_is_started(void)
{
  return atomic_load(&starts) != 0;
}

/* Majors stand in the low byte, so the words themselves do not compare. */
static unsigned in_order(WORD version)
{
  return (unsigned)LOBYTE(version) << 8 | HIBYTE(version);
}

static int negotiate(WORD requested, WORD *agreed)
{
  if (in_order(requested) < in_order(OLDEST_VERSION))
    return WSAVERNOTSUPPORTED;
  *agreed = in_order(requested) < in_order(HIGHEST_VERSION) ? requested : HIGHEST_VERSION;
  return 0;
}

/* One thread at a time starts or stops. */
static void begin_change(void)
{
  AcquireSRWLockExclusive(&lock);
  while (changing)
    SleepConditionVariableSRW(&changed, &lock, INFINITE, 0);
  changing = true;
  ReleaseSRWLockExclusive(&lock);
}

static void end_change(void)
{
  AcquireSRWLockExclusive(&lock);
  changing = false;
  ReleaseSRWLockExclusive(&lock);
  WakeAllConditionVariable(&changed);
}

static int start_system(void)
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

static int count_start(const WSPUPCALLTABLE *upcalls)
{
  int error = 0;

  begin_change();
  if (!base_is_started())
    error = start_system();
  if (error == 0) {
    base_entries_learn_ids();
    base_upcalls_keep(upcalls);
    winsock_state_add_provider();
    atomic_fetch_add(&starts, 1);
  }
  end_change();
  return error;
}

static bool fill(LPWSPDATA data, LPWSPPROC_TABLE table, WORD agreed)
{
  const WSPDATA description = {agreed, HIGHEST_VERSION, L"ws2spi base provider"};

  return caller_write(data, &description, sizeof description) &&
         caller_write(table, &base_procedures, sizeof base_procedures);
}

static int check_pointers(LPWSPDATA data, const WSAPROTOCOL_INFOW *info,
                          const WSPUPCALLTABLE *upcalls, LPWSPPROC_TABLE table)
{
  WSAPROTOCOL_INFOW copy;

  if (!caller_can_write(data, sizeof *data) || !caller_can_write(table, sizeof *table) ||
      !caller_read(&copy, info, sizeof copy))
    return WSAEFAULT;
  return base_upcalls_complete(upcalls) ? 0 : WSAEFAULT;
}

static int count_cleanup(void)
{
  int error = 0;

  begin_change();
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
  end_change();
  return error;
}

int base_startup(WORD requested, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                 const WSPUPCALLTABLE *upcalls, LPWSPPROC_TABLE table)
{
  WSPUPCALLTABLE copy;
  WORD agreed;
  int error = negotiate(requested, &agreed);

  if (error == 0 && blocking_in_callback())
    error = WSAEINPROGRESS;
  if (error == 0 && !caller_read(&copy, upcalls, sizeof copy))
    error = WSAEFAULT;
  if (error == 0)
    error = check_pointers(data, info, &copy, table);
  if (error == 0)
    error = count_start(&copy);
  if (error != 0) {
    log_event("base provider: WSPStartup for version %u.%u failed, error %d", LOBYTE(requested),
              HIBYTE(requested), error);
    return error;
  }
  if (fill(data, table, agreed))
    return 0;
  count_cleanup();
  return WSAEFAULT;
}

int WSPAPI base_cleanup(LPINT lpErrno)
{
  if (!spi_begin_in("WSPCleanup", lpErrno))
    return SOCKET_ERROR;
  /* The wait that runs this hook could not end while it is being cleaned up. */
  if (blocking_in_callback())
    return spi_fail_in("WSPCleanup", lpErrno, WSAEINPROGRESS);
  return spi_result_in("WSPCleanup", lpErrno, count_cleanup());
}

void base_clear(void)
{
  base_wait_clear();
  base_socket_clear();
  afd_poll_clear();
}
