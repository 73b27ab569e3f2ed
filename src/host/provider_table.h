/* The providers that are started, or being started or stopped, and how often each was
 * started under which catalog id. There are few, and nothing here is hot: a list.
 *
 * Lock: the caller's, held exclusively around everything here but provider_free. */
#ifndef WS2SPI_HOST_PROVIDER_TABLE_H
#define WS2SPI_HOST_PROVIDER_TABLE_H

#include "host/provider_start.h"

#include <stdbool.h>

/* STARTING and STOPPING last while `worker` calls the provider, without the lock.
 * From ENDED on (a failed start, a finished stop) it is in no list any more. */
enum provider_state { STARTING, STARTED, STOPPING, ENDED };

/* How often it was started under one catalog id. Kept here and not in the catalog,
 * because the entry may be removed while the provider runs. */
struct use {
  struct use *next;
  DWORD catalog_entry_id;
  unsigned count;
};

struct provider {
  struct provider *next;
  GUID provider_id;
  enum provider_state state;
  DWORD worker;
  int start_error;     /* in ENDED, for those who waited for the start */
  unsigned references; /* the list's, and one of each thread that waits for it or calls it */
  unsigned count;      /* of all uses; a thread that waits for the start has its own in it */
  struct use *uses;
  struct launched_provider launched;
};

/* An unlisted one without uses; NULL if memory is exhausted. */
struct provider *provider_make(const GUID *provider_id);
void provider_free(struct provider *provider);

void provider_list(struct provider *provider);
void provider_unlist(struct provider *provider);

struct provider *provider_find(const GUID *provider_id);
struct provider *provider_find_used(DWORD catalog_entry_id);
struct provider *provider_first(void);

/* False if memory is exhausted. */
bool provider_add_use(struct provider *provider, DWORD catalog_entry_id);
void provider_drop_use(struct provider *provider, DWORD catalog_entry_id);

#endif
