#include "blocking/winsock_state.h"

atomic_int winsock_state = WINSOCK_NEVER_STARTED;
atomic_uint winsock_state_providers;
static SRWLOCK counter_lock = SRWLOCK_INIT;
static unsigned long startups; /* successful, less clean-ups */

/* One request for 1.x makes the whole process a 1.x one until the last clean-up: the version is
 * negotiated per process, and the lowest request counts. */
void winsock_state_count_startup(WORD version)
{
  AcquireSRWLockExclusive(&counter_lock);
  if (LOBYTE(version) < 2)
    atomic_store(&winsock_state, WINSOCK_STARTED_1);
  else if (startups == 0)
    atomic_store(&winsock_state, WINSOCK_STARTED_2);
  startups++;
  ReleaseSRWLockExclusive(&counter_lock);
}

/* A program may also call the system's WSAStartup directly; its clean-ups through this DLL then
 * exceed the count. */
void winsock_state_count_cleanup(void)
{
  AcquireSRWLockExclusive(&counter_lock);
  if (startups > 0 && --startups == 0)
    atomic_store(&winsock_state, WINSOCK_CLEANED_UP);
  ReleaseSRWLockExclusive(&counter_lock);
}

int winsock_state_hook_error(void)
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

void winsock_state_add_provider(void)
{
  atomic_fetch_add(&winsock_state_providers, 1);
}

void winsock_state_remove_provider(void)
{
  atomic_fetch_sub(&winsock_state_providers, 1);
}
