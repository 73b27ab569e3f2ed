/* What the shim knows of a thread: its hook and its blocking operations.
 *
 * Lifetime: a thread reaches its own record through its slot; the slot holds one
 * reference, dropped at DLL_THREAD_DETACH. Another thread finds a record by thread
 * id and takes a reference under the registry's lock, so the record and its wake
 * event outlive whatever that thread does with them. A record whose thread was
 * terminated is found out when its thread id is used again.
 *
 * Lock: the registry has an SRW lock, in thread_record.c. In the record, other
 * threads touch the atomic fields only; all else belongs to the record's own thread. */
#ifndef WS2SPI_BLOCKING_THREAD_RECORD_H
#define WS2SPI_BLOCKING_THREAD_RECORD_H

#include "blocking/blocking.h"
#include "blocking/operation_ids.h"
#include "platform/module.h"

#include <stdatomic.h>

typedef BOOL(CALLBACK *blocking_hook)(void);

enum { CANCELS = 16 }; /* a chain has at most 7 layers, each with one operation that goes on */

struct thread_record {
  atomic_long references;
  DWORD thread_id;
  FILETIME created;   /* the thread, whose id may be used again */
  blocking_hook hook; /* NULL: the default, that is, none */
  bool in_callback;

  /* The number of the current operation; 0: none. Only the record's own thread
   * writes it. A canceller reads it once and enters that number among the
   * cancelled ones: since no other operation ever has that number, the cancel
   * cannot reach a later one, and it stays for an operation that is not current
   * now and goes on later. A wait that ends leaves its place; of other operations
   * nobody knows when they end, so where no place is left the newest cancel pushes out
   * another: the oldest, as long as no wait has left a place in between. */
  atomic_uintptr_t current;
  /* What the last query displaced, in case its answer cannot be stored. */
  uintptr_t displaced;
  struct blocking_operation *claimed;
  DWORD claimed_from;
  atomic_bool any_cancelled; /* spares most threads, for ever, the look at the next */
  atomic_uintptr_t cancelled[CANCELS];
  atomic_uint next_cancelled;

  struct blocking_operation *innermost; /* the base provider's waits, as a stack */
  _Atomic(HANDLE) wake;                 /* auto-reset; made at the first wait */
  struct operation_ids numbers;
};

/* This thread's record, or NULL. */
static inline struct thread_record *thread_record_get(void)
{
  return module_thread_slot_get();
}

/* This thread's record, made if need be; NULL if memory or the slot is exhausted, or the system
 * does not tell when the thread began. */
struct thread_record *thread_record_get_or_create(void);

/* The record of a thread, with a reference, or NULL. */
struct thread_record *thread_record_acquire(DWORD thread_id);

/* False if the system does not tell. */
bool thread_creation_time(HANDLE thread, FILETIME *created);

void thread_record_reference(struct thread_record *record);
void thread_record_release(struct thread_record *record);

#endif
