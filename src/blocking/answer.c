#include "blocking/callback.h"
#include "blocking/operation.h"
#include "blocking/winsock_state.h"

#include "catalog/catalog.h"

/* ws2spi/nf-ws2spi-wpuqueryblockingcallback, in the order of D1. An unknown id is
 * refused whether or not there is a hook (ReactOS checks it only with one).
 * WSAEINPROGRESS is not on the page; the nesting rule of the 1.1 specification
 * needs it. */
static int refuse(DWORD catalog_entry_id, const struct thread_record *record)
{
  if (blocking_winsock_is_down())
    return WSANOTINITIALISED;
  if (!catalog_contains(catalog_entry_id))
    return WSAEINVAL;
  if (record != NULL && record->in_callback)
    return WSAEINPROGRESS;
  return 0;
}

static struct blocking_operation *unclaimed_wait(const struct thread_record *record)
{
  struct blocking_operation *wait = record->innermost;

  return wait != NULL && wait->unclaimed ? wait : NULL;
}

int blocking_prepare_answer(DWORD catalog_entry_id, struct blocking_answer *answer)
{
  struct thread_record *record = thread_record_get();
  const int error = refuse(catalog_entry_id, record);

  answer->callback = NULL;
  answer->context = 0;
  answer->record = record;
  answer->catalog_entry_id = catalog_entry_id;
  if (error == 0 && record != NULL && record->hook != NULL) {
    const struct blocking_operation *wait = unclaimed_wait(record);

    answer->callback = blocking_callback;
    answer->context = wait != NULL ? wait->number : numbers_peek(&record->numbers);
  }
  return error;
}

void blocking_commit_answer(const struct blocking_answer *answer)
{
  struct thread_record *record = answer->record;
  struct blocking_operation *wait;

  if (record == NULL)
    return;
  wait = unclaimed_wait(record);
  if (wait != NULL) {
    wait->unclaimed = false;
    wait->catalog_entry_id = answer->catalog_entry_id;
  } else if (answer->callback != NULL) {
    numbers_draw(&record->numbers);
    numbers_set_entry(&record->numbers, answer->context, answer->catalog_entry_id);
    operation_start(record, answer->context);
  }
}
