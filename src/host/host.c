#include "host/host.h"

#include "base/base.h"
#include "blocking/winsock_state.h"
#include "catalog/catalog.h"
#include "host/provider_start.h"
#include "host/provider_table.h"
#include "platform/log.h"

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE state_changed = CONDITION_VARIABLE_INIT;

/* Gives a reference back and leaves the lock, because the last one unloads. */
static void release_and_unlock(struct provider *provider)
{
  const bool last = --provider->references == 0;

  ReleaseSRWLockExclusive(&lock);
  if (!last)
    return;
  unload_provider(&provider->launched);
  provider_free(provider);
}

static void become(struct provider *provider, enum provider_state state)
{
  provider->state = state;
  WakeAllConditionVariable(&state_changed);
}

/* Whoever waits holds a reference. */
static void wait_while(struct provider *provider, enum provider_state state)
{
  provider->references++;
  while (provider->state == state)
    SleepConditionVariableSRW(&state_changed, &lock, INFINITE, 0);
}

/* --- starting ---------------------------------------------------------------- */

/* The only place a provider's WSPStartup is called from. Entered with the lock. */
static int start_listed(struct provider *provider, const struct catalog_entry *entry,
                        WSPPROC_TABLE *table)
{
  int error;

  provider->references++;
  winsock_state_add_provider(); /* before its WSPStartup, which may use the upcalls */
  ReleaseSRWLockExclusive(&lock);
  error = launch_provider(entry, &provider->launched);
  AcquireSRWLockExclusive(&lock);
  if (error == 0) {
    *table = provider->launched.table;
    become(provider, STARTED);
  } else {
    winsock_state_remove_provider();
    provider->start_error = error;
    provider_unlist(provider);
    provider->references--;
    become(provider, ENDED);
  }
  release_and_unlock(provider);
  return error;
}

static int start_new(const struct catalog_entry *entry, WSPPROC_TABLE *table)
{
  struct provider *provider = provider_make(&entry->info.ProviderId);

  if (provider == NULL || !provider_add_use(provider, entry->info.dwCatalogEntryId)) {
    ReleaseSRWLockExclusive(&lock);
    provider_free(provider);
    return WSA_NOT_ENOUGH_MEMORY;
  }
  provider->state = STARTING;
  provider->worker = GetCurrentThreadId();
  provider->references = 1;
  provider_list(provider);
  return start_listed(provider, entry, table);
}

/* Joins one that is started, or being started: then its outcome is ours too. The
 * use is counted before the wait, so that the provider cannot be stopped between
 * its start and our waking. */
static int join(struct provider *provider, DWORD id, WSPPROC_TABLE *table)
{
  int error = 0;

  if (!provider_add_use(provider, id)) {
    ReleaseSRWLockExclusive(&lock);
    return WSA_NOT_ENOUGH_MEMORY;
  }
  wait_while(provider, STARTING);
  if (provider->state == ENDED)
    error = provider->start_error;
  else
    *table = provider->launched.table;
  release_and_unlock(provider);
  return error;
}

static bool is_own_work(const struct provider *provider)
{
  return (provider->state == STARTING || provider->state == STOPPING) &&
         provider->worker == GetCurrentThreadId();
}

static int start_or_join(const struct catalog_entry *entry, WSPPROC_TABLE *table)
{
  struct provider *provider;

  AcquireSRWLockExclusive(&lock);
  while ((provider = provider_find(&entry->info.ProviderId)) != NULL) {
    if (is_own_work(provider)) {
      ReleaseSRWLockExclusive(&lock);
      log_event("entry %lu: this thread is starting or stopping its provider already",
                entry->info.dwCatalogEntryId);
      return WSAEINPROGRESS;
    }
    if (provider->state != STOPPING)
      return join(provider, entry->info.dwCatalogEntryId, table);
    wait_while(provider, STOPPING);
    release_and_unlock(provider);
    AcquireSRWLockExclusive(&lock);
  }
  return start_new(entry, table);
}

int host_start_provider(DWORD id, WSPPROC_TABLE *table)
{
  const struct catalog_entry *entry;
  int error = catalog_find(id, &entry);

  if (error != 0) {
    log_event("entry %lu: the catalog cannot be read, error %d, so not started", id, error);
    return error == WSA_NOT_ENOUGH_MEMORY ? error : WSAEINVAL;
  }
  if (entry == NULL) {
    log_event("entry %lu: not in the catalog, so not started", id);
    return WSAEINVAL;
  }
  error = catalog_check_load(entry);
  if (error == 0)
    error = start_or_join(entry, table);
  catalog_release(entry);
  return error;
}

/* --- stopping ----------------------------------------------------------------- */

/* Entered with the lock. The last use stays counted until WSPCleanup has succeeded. */
static int stop_last(struct provider *provider, DWORD id)
{
  int error;

  provider->references++;
  provider->worker = GetCurrentThreadId();
  become(provider, STOPPING);
  ReleaseSRWLockExclusive(&lock);
  error = cleanup_provider(&provider->launched);
  AcquireSRWLockExclusive(&lock);
  if (error == 0) {
    provider_drop_use(provider, id);
    winsock_state_remove_provider();
    provider_unlist(provider);
    provider->references--;
    become(provider, ENDED);
  } else {
    become(provider, STARTED);
  }
  release_and_unlock(provider);
  if (error != 0)
    log_event("entry %lu: WSPCleanup failed with error %d; it stays started", id, error);
  return error;
}

static int stop_used(struct provider *provider, DWORD id)
{
  if (provider->count == 1)
    return stop_last(provider, id);
  provider_drop_use(provider, id);
  ReleaseSRWLockExclusive(&lock);
  return 0;
}

int host_stop_provider(DWORD id)
{
  struct provider *provider;
  int error = WSAEINVAL;

  AcquireSRWLockExclusive(&lock);
  while ((provider = provider_find_used(id)) != NULL) {
    if (is_own_work(provider)) {
      error = WSAEINPROGRESS;
      break;
    }
    if (provider->state == STARTING)
      break;
    if (provider->state == STARTED)
      return stop_used(provider, id);
    wait_while(provider, STOPPING);
    release_and_unlock(provider);
    AcquireSRWLockExclusive(&lock);
  }
  ReleaseSRWLockExclusive(&lock);
  log_event("entry %lu: not stopped, error %d, %s", id, error,
            error == WSAEINVAL ? "no start with this id is left"
                               : "this thread is starting or stopping its provider already");
  return error;
}

/* --- cancelling ----------------------------------------------------------------- */

static bool provider_of_entry(DWORD id, GUID *provider_id, bool *is_base)
{
  const struct catalog_entry *entry = catalog_acquire(id);

  if (entry == NULL)
    return false;
  *provider_id = entry->info.ProviderId;
  *is_base = entry->kind == CATALOG_BASE;
  catalog_release(entry);
  return true;
}

/* By the id it was started under, else by the ProviderId of the entry, since a
 * provider may query with any of its ids. */
static struct provider *acquire_started(DWORD id, const GUID *provider_id)
{
  struct provider *provider;

  AcquireSRWLockExclusive(&lock);
  provider = provider_find_used(id);
  if (provider == NULL && provider_id != NULL)
    provider = provider_find(provider_id);
  if (provider != NULL && provider->state != STARTED)
    provider = NULL;
  if (provider != NULL)
    provider->references++;
  ReleaseSRWLockExclusive(&lock);
  return provider;
}

static int cancel_with(LPWSPCANCELBLOCKINGCALL cancel)
{
  int error = 0;

  if (cancel(&error) == 0)
    return 0;
  return error != 0 ? error : WSASYSCALLFAILURE;
}

int host_cancel_blocking_call(DWORD id)
{
  GUID provider_id;
  bool is_base = false;
  const bool is_entry = provider_of_entry(id, &provider_id, &is_base);
  struct provider *provider = acquire_started(id, is_entry ? &provider_id : NULL);
  int error;

  if (provider == NULL)
    return is_base && base_is_started() ? cancel_with(base_cancel_blocking_call) : 0;
  error = cancel_with(provider->launched.table.lpWSPCancelBlockingCall);
  AcquireSRWLockExclusive(&lock);
  release_and_unlock(provider);
  return error;
}

void host_clear(void)
{
  struct provider *provider;

  while ((provider = provider_first()) != NULL) {
    provider_unlist(provider);
    provider_free(provider);
  }
}
