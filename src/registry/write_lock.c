#include "registry/write_lock.h"

#include "platform/log.h"
#include "registry/catalog_keys.h"

#include <wchar.h>

DWORD write_lock_timeout_ms = 60000;

/* Each catalog root has its own lock. The name of a mutex may contain only one backslash. */
static void write_lock_name(WCHAR name[CATALOG_PATH_CHARS])
{
  static const WCHAR prefix[] = L"Global\\Ws2Spi_Catalog_";

  lstrcpynW(name, prefix, CATALOG_PATH_CHARS);
  lstrcpynW(name + wcslen(prefix), catalog_root, CATALOG_PATH_CHARS - (int)wcslen(prefix));
  for (WCHAR *place = name + wcslen(prefix); *place != 0; place++) {
    if (*place == L'\\')
      *place = L'_';
  }
}

int write_lock_acquire(DWORD timeout_ms, HANDLE *lock)
{
  WCHAR name[CATALOG_PATH_CHARS];
  HANDLE mutex;
  DWORD waited;

  write_lock_name(name);
  mutex = CreateMutexW(NULL, FALSE, name);
  if (mutex == NULL)
    return registry_error(GetLastError());
  waited = WaitForSingleObject(mutex, timeout_ms);
  if (waited == WAIT_ABANDONED)
    log_event("a process ended while it was changing the catalog");
  if (waited != WAIT_OBJECT_0 && waited != WAIT_ABANDONED) {
    CloseHandle(mutex);
    return WSANO_RECOVERY;
  }
  *lock = mutex;
  return 0;
}

void write_lock_release(HANDLE lock)
{
  ReleaseMutex(lock);
  CloseHandle(lock);
}
