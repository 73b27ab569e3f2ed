#include "registry/cached_key.h"

DWORD cached_key_get(struct cached_key *cached, HKEY *key)
{
  HKEY present = NULL;
  DWORD error;

  *key = atomic_load(&cached->key);
  if (*key != NULL)
    return 0;
  error = cached->open(key);
  if (error == 0 && !atomic_compare_exchange_strong(&cached->key, &present, *key)) {
    registry_close(*key);
    *key = present; /* another thread was faster */
  }
  return error;
}

DWORD cached_key_reopen(struct cached_key *cached, HKEY deleted, HKEY *key)
{
  atomic_compare_exchange_strong(&cached->key, &deleted, NULL);
  return cached_key_get(cached, key);
}

void cached_key_close(struct cached_key *cached)
{
  registry_close(atomic_exchange(&cached->key, NULL));
}
