/* The providers that are started, being started or being stopped, and how often each was started
 * with which catalog id. There are few of them, and no look-up is frequent, so this is a list.
 *
 * Lock: the caller's, held exclusively around every function here except provider_free. */
#ifndef WS2SPI_HOST_PROVIDER_TABLE_H
#define WS2SPI_HOST_PROVIDER_TABLE_H

#include "host/provider_start.h"

#include <stdbool.h>

/* In STARTING and STOPPING the thread `worker` calls the provider, without the lock. In ENDED,
 * after a failed start or a finished stop, the provider is not listed any more. */
enum provider_state { STARTING, STARTED, STOPPING, ENDED };

/* How often the provider was started with one catalog id. Not part of the catalog, because the
 * entry may be removed while the provider runs. */
struct start_count {
  struct start_count *next;
  DWORD catalog_entry_id;
  unsigned count;
};

struct provider {
  struct provider *next;
  GUID provider_id;
  enum provider_state state;
  DWORD worker;
  int start_error;     /* in ENDED, for the threads that waited for the start */
  unsigned references; /* the list's, and one for each thread that waits for it or calls it */
  unsigned starts;     /* the sum of `counts`, which includes threads that wait for the start */
  struct start_count *counts;
  struct provider_start start;
};

/* Returns an unlisted provider without starts. NULL if memory is exhausted. */
struct provider *provider_create(const GUID *provider_id);
void provider_free(struct provider *provider);

void provider_list(struct provider *provider);
void provider_unlist(struct provider *provider);

struct provider *provider_find(const GUID *provider_id);
struct provider *provider_find_started(DWORD catalog_entry_id);
struct provider *provider_first(void);

/* Counts one start. False if memory is exhausted. */
bool provider_count_start(struct provider *provider, DWORD catalog_entry_id);
void provider_uncount_start(struct provider *provider, DWORD catalog_entry_id);

#endif
