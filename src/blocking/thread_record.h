/* The blocking state of a thread: its hook and its blocking operations.
 *
 * Lifetime: a thread reaches its own record through its thread slot. The slot holds one reference,
 * which DLL_THREAD_DETACH drops. Another thread finds a record by thread id and takes a reference
 * under the registry's lock, so the record and its wake event stay valid while it uses them. A
 * thread that was terminated had no DLL_THREAD_DETACH: its record is found and dropped when a new
 * thread with the same id makes its own.
 *
 * Lock: an SRW lock in thread_record.c guards the registry. Other threads access only the atomic
 * fields of a record; all other fields belong to the record's own thread. */
#ifndef WS2SPI_BLOCKING_THREAD_RECORD_H
#define WS2SPI_BLOCKING_THREAD_RECORD_H

#include "blocking/blocking.h"
#include "blocking/operation_ids.h"
#include "platform/module.h"

#include <stdatomic.h>

typedef BOOL(CALLBACK *blocking_hook)(void);

/* A chain has at most 7 layers, each with one operation that may continue. */
enum { MAX_CANCELS = 16 }; /* mutant: max_cancels */

struct thread_record {
  atomic_long references;
  DWORD thread_id;
  FILETIME created;   /* creation time of the thread, since its id may be used again */
  blocking_hook hook; /* NULL: the default hook, that is, none */
  bool in_callback;

  /* The id of the current operation; 0: none. Only the record's own thread writes it. A canceller
   * reads it once and adds that id to `cancelled`. No other operation ever has the same id, so the
   * cancel cannot reach a later operation, and it is kept for an operation that is not current now
   * and continues later. A base wait that ends removes its id. When another operation ends is not
   * known. So if all places are in use, a new cancel replaces one: the oldest, unless a base wait
   * has freed a place since. */
  atomic_uintptr_t current;
  atomic_bool any_cancelled; /* once true, always true; most threads never search `cancelled` */
  atomic_uintptr_t cancelled[MAX_CANCELS];
  atomic_uint next_cancelled;

  /* The state before the last query, to undo it if its results cannot be stored. */
  uintptr_t previous_current;
  struct blocking_operation *claimed_wait; /* the base wait that the query belonged to, or NULL */
  DWORD claimed_wait_entry;

  struct blocking_operation *innermost; /* the base provider's waits, as a stack */
  _Atomic(HANDLE) wake;                 /* auto-reset; created at the first wait */
  struct operation_ids ids;
};

/* This thread's record, or NULL. */
static inline struct thread_record *thread_record_get(void)
{
  return module_thread_slot_get();
}

/* This thread's record, created if there is none. NULL if memory or the slot is exhausted, or if
 * the system does not return the thread's creation time. */
struct thread_record *thread_record_get_or_create(void);

/* The record of any thread, with a reference, or NULL. */
struct thread_record *thread_record_acquire(DWORD thread_id);

/* False if the system does not return it. */
bool thread_creation_time(HANDLE thread, FILETIME *created);

void thread_record_reference(struct thread_record *record);
void thread_record_release(struct thread_record *record);

#endif
