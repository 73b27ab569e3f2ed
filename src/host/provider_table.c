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

struct provider *provider_make(const GUID *provider_id)
{
  struct provider *provider = heap_allocate(sizeof *provider);

  if (provider != NULL)
    provider->provider_id = *provider_id;
  return provider;
}

static struct use *find_use(const struct provider *provider, DWORD id)
{
  struct use *use = provider->uses;

  while (use != NULL && use->catalog_entry_id != id)
    use = use->next;
  return use;
}

struct provider *provider_find_used(DWORD id)
{
  struct provider *provider = providers;

  while (provider != NULL && find_use(provider, id) == NULL)
    provider = provider->next;
  return provider;
}

bool provider_add_use(struct provider *provider, DWORD id)
{
  struct use *use = find_use(provider, id);

  if (use == NULL) {
    use = heap_allocate(sizeof *use);
    if (use == NULL)
      return false;
    use->catalog_entry_id = id;
    use->next = provider->uses;
    provider->uses = use;
  }
  use->count++;
  provider->count++;
  return true;
}

void provider_drop_use(struct provider *provider, DWORD id)
{
  struct use **link = &provider->uses;
  struct use *use;

  while ((*link)->catalog_entry_id != id)
    link = &(*link)->next;
  use = *link;
  provider->count--;
  if (--use->count == 0) {
    *link = use->next;
    heap_free(use);
  }
}

void provider_free(struct provider *provider)
{
  while (provider != NULL && provider->uses != NULL) {
    struct use *use = provider->uses;

    provider->uses = use->next;
    heap_free(use);
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
