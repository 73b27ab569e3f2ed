#include "blocking/callback.h"

#include "blocking/operation.h"

/* Runs the hook until it returns FALSE, as the 1.1 specification does, or until a cancel is
 * pending: a call that the hook has cancelled must end when the hook returns. The hook returns a
 * BOOL through a FARPROC, which is 64 bits wide on x86-64; only the low 32 bits count.
 *
 * Returns false if the thread's record is not ours any more, because the hook switched to a
 * fiber that another thread then ran. The record must not be touched after that. */
static bool callback_run_hook(struct thread_record *record, uintptr_t id)
{
  BOOL again;

  do {
    again = record->hook();
    if (thread_record_get() != record)
      return false;
  } while (again && !operation_is_cancelled(record, id));
  return true;
}

WINBOOL CALLBACK blocking_callback(DWORD_PTR context)
{
  struct thread_record *record = thread_record_get();

  if (record == NULL || record->hook == NULL || !ids_contain(&record->ids, context))
    return TRUE;
  if (record->in_callback)
    return !operation_is_cancelled(record, context);
  operation_set_current(record, context);      /* mutant: callback_does_not_set_current */
  if (operation_is_cancelled(record, context)) /* mutant: hook_runs_after_cancel */
    return FALSE;
  record->in_callback = true;
  if (!callback_run_hook(record, context))
    return TRUE;
  record->in_callback = false;
  return !operation_is_cancelled(record, context); /* mutant: callback_ignores_last_cancel */
}
