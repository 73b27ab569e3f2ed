/* What the shim knows of a thread: its hook and its blocking operations.
 *
 * Lifetime: a thread reaches its own record through its slot; the slot holds one
 * reference, dropped at DLL_THREAD_DETACH. Another thread finds a record by thread
 * id and takes a reference under the registry's lock, so the record and its wake
 * event outlive whatever that thread does with them. A record whose thread was
 * terminated is found out when its thread id is used again.
 *
 * Lock: the registry has an SRW lock, in thread_record.c. In the record, other
 * threads touch `references`, `current` and `wake` only, which are atomic; all
 * else belongs to the record's own thread. */
#ifndef WS2SPI_BLOCKING_THREAD_RECORD_H
#define WS2SPI_BLOCKING_THREAD_RECORD_H

#include "blocking/blocking.h"
#include "blocking/operation_numbers.h"

#include <stdatomic.h>

typedef BOOL(CALLBACK *blocking_hook)(void);

enum { PENDING_CANCELS = 8 }; /* one more than a chain has layers */

struct thread_record {
  atomic_long references;
  DWORD thread_id;
  blocking_hook hook; /* NULL: the default, that is, none */
  bool in_callback;

  /* The current operation: its number, times two, plus one if it is cancelled.
   * 0: none. Only the record's own thread changes the number, by an exchange that
   * tells it whether a cancel came first; cancellers set the lowest bit by
   * compare-and-swap on the word they saw. So a cancel never reaches a later
   * operation, and none is lost. */
  atomic_uintptr_t current;

  /* Operations that were cancelled and are not current: a layer's operation while
   * the thread works on another one, until its callback says FALSE. */
  uintptr_t pending_cancel[PENDING_CANCELS];

  struct blocking_operation *innermost; /* the base provider's waits, as a stack */
  _Atomic(HANDLE) wake;                 /* auto-reset; made at the first wait */
  struct operation_numbers numbers;
};

/* This thread's record, or NULL. */
struct thread_record *thread_record_get(void);

/* This thread's record, made if need be; NULL if memory or the slot is exhausted. */
struct thread_record *thread_record_make(void);

/* The record of a thread, with a reference, or NULL. */
struct thread_record *thread_record_acquire(DWORD thread_id);

void thread_record_release(struct thread_record *record);

#endif
