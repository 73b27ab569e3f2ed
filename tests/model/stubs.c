/* The functions that the blocking core calls in other rooms, as simple as possible. */
#include "blocking/blocking.h"
#include "catalog/catalog.h"
#include "host/host.h"
#include "platform/caller_memory.h"
#include "platform/spi_error.h"

#include "model/stubs.h"
#include "model/threads.h"

static bool refusing[MODEL_THREADS];
static bool failing[MODEL_THREADS];

void stubs_begin_run(void)
{
  for (unsigned i = 0; i < MODEL_THREADS; i++) {
    refusing[i] = false;
    failing[i] = false;
  }
}

void stubs_refuse_cancels(bool on)
{
  refusing[model_running()] = on;
}

void stubs_fail_stores(bool on)
{
  failing[model_running()] = on;
}

bool catalog_contains(DWORD id)
{
  return catalog_contains_unlocked(id);
}

static bool is_base_entry(DWORD id)
{
  return id == MODEL_BASE_ENTRY;
}

/* The layer's provider does not pass the cancel on to the provider below. */
int host_cancel_blocking_call(DWORD id)
{
  if (is_base_entry(id))
    return blocking_cancel_base_operation(is_base_entry) ? 0 : WSAEINVAL;
  return refusing[model_running()] ? WSAEOPNOTSUPP : 0;
}

bool spi_begin_in(const char *function, int *lpErrno)
{
  (void)function;
  *lpErrno = 0;
  return true;
}

int spi_result_in(const char *function, int *lpErrno, int code)
{
  (void)function;
  *lpErrno = code;
  return code == 0 ? 0 : SOCKET_ERROR;
}

bool caller_can_execute(const void *address)
{
  return address != NULL;
}

bool caller_fail_write(const void *target, size_t size)
{
  (void)target;
  (void)size;
  return false;
}

int guarded_store_int(int *target, int value)
{
  *target = value;
  return 1;
}

int guarded_store_pointer(void *target, uintptr_t value)
{
  *(uintptr_t *)target = value;
  return 1;
}

int guarded_store_query(void *callback, uintptr_t callback_value, void *context,
                        uintptr_t context_value, int *error, guarded_query_fault on_fault)
{
  if (failing[model_running()])
    return on_fault(callback, callback_value, context, context_value, error);
  *(uintptr_t *)callback = callback_value;
  *(uintptr_t *)context = context_value;
  return 0;
}
