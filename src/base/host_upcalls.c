#include "base/host_upcalls.h"

static SRWLOCK lock = SRWLOCK_INIT;
static WSPUPCALLTABLE upcalls;

bool base_upcalls_complete(const WSPUPCALLTABLE *table)
{
  return table->lpWPUQueryBlockingCallback != NULL && table->lpWPUModifyIFSHandle != NULL &&
         table->lpWPUQueueApc != NULL;
}

void base_upcalls_keep(const WSPUPCALLTABLE *table)
{
  AcquireSRWLockExclusive(&lock);
  upcalls = *table;
  ReleaseSRWLockExclusive(&lock);
}

static WSPUPCALLTABLE current_upcalls(void)
{
  WSPUPCALLTABLE copy;

  AcquireSRWLockShared(&lock);
  copy = upcalls;
  ReleaseSRWLockShared(&lock);
  return copy;
}

/* A failure without a code still has to be a failure. */
static int failure_code(int error)
{
  return error != 0 ? error : WSASYSCALLFAILURE;
}

int base_query_blocking_callback(DWORD id, LPBLOCKINGCALLBACK *callback, DWORD_PTR *context)
{
  int error = 0;
  const WSPUPCALLTABLE table = current_upcalls();

  if (table.lpWPUQueryBlockingCallback(id, callback, context, &error) != 0)
    return failure_code(error);
  return 0;
}

int base_modify_ifs_handle(DWORD id, SOCKET *handle)
{
  int error = 0;
  const WSPUPCALLTABLE table = current_upcalls();
  const SOCKET modified = table.lpWPUModifyIFSHandle(id, *handle, &error);

  if (modified == INVALID_SOCKET)
    return failure_code(error);
  *handle = modified;
  return 0;
}

int base_queue_apc(LPWSATHREADID thread, LPWSAUSERAPC apc, DWORD_PTR context)
{
  int error = 0;
  const WSPUPCALLTABLE table = current_upcalls();

  if (table.lpWPUQueueApc(thread, apc, context, &error) != 0)
    return failure_code(error);
  return 0;
}
