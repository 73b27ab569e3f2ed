#include "host/host.h"

#include "base/base.h"
#include "blocking/winsock_state.h"
#include "catalog/catalog.h"
#include "host/provider_start.h"
#include "host/provider_table.h"
#include "platform/log.h"

static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE state_changed = CONDITION_VARIABLE_INIT;

/* Drops a reference and leaves the lock. The last reference unloads the DLL, without the lock. */
static void host_release_and_unlock(struct provider *provider)
{
  const bool last = --provider->references == 0;

  ReleaseSRWLockExclusive(&lock);
  if (!last)
    return;
  provider_unload(&provider->start);
  provider_free(provider);
}

static void host_set_state(struct provider *provider, enum provider_state state)
{
  provider->state = state;
  WakeAllConditionVariable(&state_changed);
}

/* Waits with a reference of its own, which the caller must release. */
static void host_wait_while(struct provider *provider, enum provider_state state)
{
  provider->references++;
  while (provider->state == state)
    SleepConditionVariableSRW(&state_changed, &lock, INFINITE, 0);
}

/* --- starting ----------------------------------------------------------------------- */

/* The only function that starts a provider. Called with the lock, which it leaves. */
static int host_start_listed(struct provider *provider, const struct catalog_entry *entry,
                             WSPPROC_TABLE *table)
{
  int error;

  provider->references++;
  winsock_state_add_provider(); /* before its WSPStartup, which may use the upcalls */
  ReleaseSRWLockExclusive(&lock);
  error = provider_start(entry, &provider->start);
  AcquireSRWLockExclusive(&lock);
  if (error == 0) {
    *table = provider->start.table;
    host_set_state(provider, STARTED);
  } else {
    winsock_state_remove_provider();
    provider->start_error = error;
    provider_unlist(provider);
    provider->references--;
    host_set_state(provider, ENDED);
  }
  host_release_and_unlock(provider);
  return error;
}

static int host_start_new(const struct catalog_entry *entry, WSPPROC_TABLE *table)
{
  struct provider *provider = provider_create(&entry->info.ProviderId);

  if (provider == NULL || !provider_count_start(provider, entry->info.dwCatalogEntryId)) {
    ReleaseSRWLockExclusive(&lock);
    provider_free(provider);
    return WSA_NOT_ENOUGH_MEMORY;
  }
  provider->state = STARTING;
  provider->worker = GetCurrentThreadId();
  provider->references = 1;
  provider_list(provider);
  return host_start_listed(provider, entry, table);
}

/* Adds a start to a provider that is started or being started; in the second case the result of
 * that start is the result here. The start is counted before the wait, so that the provider
 * cannot be stopped between the end of its start and the end of this wait. */
static int host_join(struct provider *provider, DWORD id, WSPPROC_TABLE *table)
{
  int error = 0;

  if (!provider_count_start(provider, id)) {
    ReleaseSRWLockExclusive(&lock);
    return WSA_NOT_ENOUGH_MEMORY;
  }
  host_wait_while(provider, STARTING);
  if (provider->state == ENDED)
    error = provider->start_error;
  else
    *table = provider->start.table;
  host_release_and_unlock(provider);
  return error;
}

static bool host_is_worker(const struct provider *provider)
{
  return (provider->state == STARTING || provider->state == STOPPING) &&
         provider->worker == GetCurrentThreadId();
}

static int host_start_or_join(const struct catalog_entry *entry, WSPPROC_TABLE *table)
{
  struct provider *provider;

  AcquireSRWLockExclusive(&lock);
  while ((provider = provider_find(&entry->info.ProviderId)) != NULL) {
    if (host_is_worker(provider)) {
      ReleaseSRWLockExclusive(&lock);
      log_event("entry %lu: not started: this thread is already starting or stopping the provider",
                entry->info.dwCatalogEntryId);
      return WSAEINPROGRESS;
    }
    if (provider->state != STOPPING)
      return host_join(provider, entry->info.dwCatalogEntryId, table);
    host_wait_while(provider, STOPPING);
    host_release_and_unlock(provider);
    AcquireSRWLockExclusive(&lock);
  }
  return host_start_new(entry, table);
}

int host_start_provider(DWORD id, WSPPROC_TABLE *table)
{
  const struct catalog_entry *entry;
  int error = catalog_find(id, &entry);

  if (error != 0) {
    log_event("entry %lu: not started: the catalog cannot be read, error %d", id, error);
    return error == WSA_NOT_ENOUGH_MEMORY ? error : WSAEINVAL;
  }
  if (entry == NULL) {
    log_event("entry %lu: not started: not in the catalog", id);
    return WSAEINVAL;
  }
  error = catalog_check_load(entry);
  if (error == 0)
    error = host_start_or_join(entry, table);
  catalog_release(entry);
  return error;
}

/* --- stopping ----------------------------------------------------------------------- */

/* Called with the lock, which it leaves. The last start stays counted until WSPCleanup succeeds. */
static int host_stop_last(struct provider *provider, DWORD id)
{
  int error;

  provider->references++;
  provider->worker = GetCurrentThreadId();
  host_set_state(provider, STOPPING);
  ReleaseSRWLockExclusive(&lock);
  error = provider_cleanup(&provider->start);
  AcquireSRWLockExclusive(&lock);
  if (error == 0) {
    provider_uncount_start(provider, id);
    winsock_state_remove_provider();
    provider_unlist(provider);
    provider->references--;
    host_set_state(provider, ENDED);
  } else {
    host_set_state(provider, STARTED);
  }
  host_release_and_unlock(provider);
  if (error != 0)
    log_event("entry %lu: WSPCleanup failed with error %d; the provider stays started", id, error);
  return error;
}

static int host_stop_counted(struct provider *provider, DWORD id)
{
  if (provider->starts == 1)
    return host_stop_last(provider, id);
  provider_uncount_start(provider, id);
  ReleaseSRWLockExclusive(&lock);
  return 0;
}

int host_stop_provider(DWORD id)
{
  struct provider *provider;
  int error = WSAEINVAL;

  AcquireSRWLockExclusive(&lock);
  while ((provider = provider_find_started(id)) != NULL) {
    if (host_is_worker(provider)) {
      error = WSAEINPROGRESS;
      break;
    }
    if (provider->state == STARTING)
      break;
    if (provider->state == STARTED)
      return host_stop_counted(provider, id);
    host_wait_while(provider, STOPPING);
    host_release_and_unlock(provider);
    AcquireSRWLockExclusive(&lock);
  }
  ReleaseSRWLockExclusive(&lock);
  log_event("entry %lu: not stopped, error %d: %s", id, error,
            error == WSAEINVAL ? "it is not started with this id"
                               : "this thread is already starting or stopping the provider");
  return error;
}

/* --- cancelling --------------------------------------------------------------------- */

static bool host_get_provider_id(DWORD id, GUID *provider_id, bool *is_base)
{
  const struct catalog_entry *entry = catalog_acquire(id);

  if (entry == NULL)
    return false;
  *provider_id = entry->info.ProviderId;
  *is_base = entry->kind == CATALOG_BASE;
  catalog_release(entry);
  return true;
}

/* Finds the provider by the id with which it was started, else by the ProviderId of the entry,
 * since a provider may query with any of its ids. */
static struct provider *host_acquire_started(DWORD id, const GUID *provider_id)
{
  struct provider *provider;

  AcquireSRWLockExclusive(&lock);
  provider = provider_find_started(id);
  if (provider == NULL && provider_id != NULL)
    provider = provider_find(provider_id);
  if (provider != NULL && provider->state != STARTED)
    provider = NULL;
  if (provider != NULL)
    provider->references++;
  ReleaseSRWLockExclusive(&lock);
  return provider;
}

static int host_call_cancel(LPWSPCANCELBLOCKINGCALL cancel)
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
  const bool is_entry = host_get_provider_id(id, &provider_id, &is_base);
  struct provider *provider = host_acquire_started(id, is_entry ? &provider_id : NULL);
  int error;

  if (provider == NULL)
    return is_base && base_is_started() ? host_call_cancel(base_cancel_blocking_call) : 0;
  error = host_call_cancel(provider->start.table.lpWSPCancelBlockingCall);
  AcquireSRWLockExclusive(&lock);
  host_release_and_unlock(provider);
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
