#include "host/provider_table.h"

#include "platform/heap.h"

static struct provider *providers;

struct provider *provider_find(const GUID *provider_id)
{
  struct provider *provider = providers;

  while (provider != NULL && !IsEqualGUID(&provider->provider_id, provider_id))
    provider = provider->next;
  return provider;
}

struct provider *provider_create(const GUID *provider_id)
{
  struct provider *provider = heap_allocate(sizeof *provider);

  if (provider != NULL)
    provider->provider_id = *provider_id;
  return provider;
}

static struct start_count *provider_find_count(const struct provider *provider, DWORD id)
{
  struct start_count *count = provider->counts;

  while (count != NULL && count->catalog_entry_id != id)
    count = count->next;
  return count;
}

struct provider *provider_find_started(DWORD id)
{
  struct provider *provider = providers;

  while (provider != NULL && provider_find_count(provider, id) == NULL)
    provider = provider->next;
  return provider;
}

bool provider_count_start(struct provider *provider, DWORD id)
{
  struct start_count *count = provider_find_count(provider, id);

  if (count == NULL) {
    count = heap_allocate(sizeof *count);
    if (count == NULL)
      return false;
    count->catalog_entry_id = id;
    count->next = provider->counts;
    provider->counts = count;
  }
  count->count++;
  provider->starts++;
  return true;
}

void provider_uncount_start(struct provider *provider, DWORD id)
{
  struct start_count **link = &provider->counts;
  struct start_count *count;

  while ((*link)->catalog_entry_id != id)
    link = &(*link)->next;
  count = *link;
  provider->starts--;
  if (--count->count == 0) {
    *link = count->next;
    heap_free(count);
  }
}

void provider_free(struct provider *provider)
{
  while (provider != NULL && provider->counts != NULL) {
    struct start_count *count = provider->counts;

    provider->counts = count->next;
    heap_free(count);
  }
  heap_free(provider);
}

void provider_unlist(struct provider *provider)
{
  struct provider **link = &providers;

  while (*link != provider)
    link = &(*link)->next;
  *link = provider->next;
}

void provider_list(struct provider *provider)
{
  provider->next = providers;
  providers = provider;
}

struct provider *provider_first(void)
{
  return providers;
}
