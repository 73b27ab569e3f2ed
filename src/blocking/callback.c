#include "blocking/callback.h"

#include "blocking/operation.h"

/* The hook returns a BOOL through FARPROC, which is 64 bits wide on x86-64: only
 * the low 32 bits mean anything. The 1.1 loop runs the hook until it returns FALSE;
 * we also stop when a cancel is pending, since a cancelled call must end when the
 * hook run that cancelled it returns.
 *
 * FALSE from here: the thread's record is not ours any more, because the hook
 * switched to a fiber that another thread then ran on. Nothing of it is touched. */
static bool run_hook(struct thread_record *record, uintptr_t number)
{
  BOOL again;

  do {
    again = record->hook();
    if (thread_record_get() != record)
      return false;
  } while (again && !operation_is_cancelled(record, number));
  return true;
}

WINBOOL CALLBACK blocking_callback(DWORD_PTR context)
{
  struct thread_record *record = thread_record_get();

  if (record == NULL || record->hook == NULL || !numbers_include(&record->numbers, context))
    return TRUE;
  if (record->in_callback)
    return !operation_is_cancelled(record, context);
  operation_set_current(record, context);
  if (operation_is_cancelled(record, context))
    return FALSE;
  record->in_callback = true;
  if (!run_hook(record, context))
    return TRUE;
  record->in_callback = false;
  return !operation_is_cancelled(record, context);
}
