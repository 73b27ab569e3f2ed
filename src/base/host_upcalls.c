#include "base/host_upcalls.h"

static SRWLOCK upcalls_lock = SRWLOCK_INIT;
static WSPUPCALLTABLE upcalls;

bool host_upcalls_are_complete(const WSPUPCALLTABLE *table)
{
  return table->lpWPUQueryBlockingCallback != NULL && table->lpWPUModifyIFSHandle != NULL &&
         table->lpWPUQueueApc != NULL;
}

void host_upcalls_store(const WSPUPCALLTABLE *table)
{
  AcquireSRWLockExclusive(&upcalls_lock);
  upcalls = *table;
  ReleaseSRWLockExclusive(&upcalls_lock);
}

static WSPUPCALLTABLE host_upcalls_copy(void)
{
  WSPUPCALLTABLE copy;

  AcquireSRWLockShared(&upcalls_lock);
  copy = upcalls;
  ReleaseSRWLockShared(&upcalls_lock);
  return copy;
}

/* An upcall that fails without an error code must not look like a success. */
static int host_upcalls_error(int error)
{
  return error != 0 ? error : WSASYSCALLFAILURE;
}

int wpu_query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback, DWORD_PTR *context)
{
  int error = 0;
  const WSPUPCALLTABLE table = host_upcalls_copy();

  if (table.lpWPUQueryBlockingCallback(id, callback, context, &error) != 0)
    return host_upcalls_error(error);
  return 0;
}

int wpu_modify_ifs_handle(DWORD id, SOCKET *handle)
{
  int error = 0;
  const WSPUPCALLTABLE table = host_upcalls_copy();
  const SOCKET modified = table.lpWPUModifyIFSHandle(id, *handle, &error);

  if (modified == INVALID_SOCKET)
    return host_upcalls_error(error);
  *handle = modified;
  return 0;
}

int wpu_queue_apc(LPWSATHREADID thread, LPWSAUSERAPC apc, DWORD_PTR context)
{
  int error = 0;
  const WSPUPCALLTABLE table = host_upcalls_copy();

  if (table.lpWPUQueueApc(thread, apc, context, &error) != 0)
    return host_upcalls_error(error);
  return 0;
}
