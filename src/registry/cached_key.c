#include "registry/cached_key.h"

DWORD lasting_key_get(struct lasting_key *lasting, HKEY *key)
{
  HKEY none = NULL;
  DWORD error;

  *key = atomic_load(&lasting->key);
  if (*key != NULL)
    return 0;
  error = lasting->open(key);
  if (error == 0 && !atomic_compare_exchange_strong(&lasting->key, &none, *key)) {
    registry_close(*key);
    *key = none; /* another thread's, which came first */
  }
  return error;
}

DWORD lasting_key_get_again(struct lasting_key *lasting, HKEY dead, HKEY *key)
{
  atomic_compare_exchange_strong(&lasting->key, &dead, NULL);
  return lasting_key_get(lasting, key);
}

void lasting_key_close(struct lasting_key *lasting)
{
  registry_close(atomic_exchange(&lasting->key, NULL));
}
