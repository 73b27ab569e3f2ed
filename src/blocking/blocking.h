/* The interface of the blocking core: a thread's hook, its blocking operations and their cancels.
 * The Winsock 1.1 functions that use it are in src/winsock. */
#ifndef WS2SPI_BLOCKING_BLOCKING_H
#define WS2SPI_BLOCKING_BLOCKING_H

#include "platform/windows_headers.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether WSASetBlockingHook has set a hook on this thread. */
bool blocking_has_hook(void);

/* Whether this thread is inside its blocking callback, that is, inside a hook. */
bool blocking_in_callback(void);

/* Cancels the current operation of a thread and wakes its base wait. False if there is no such
 * thread or it has no operation. */
bool blocking_cancel_thread(DWORD thread_id);

/* --- for the base provider ---------------------------------------------------------- */

struct thread_record;

/* A wait of the base provider, which embeds this in a heap block. It belongs to the thread that
 * began it. If that thread ends inside a hook, its detach calls `abandon` for each wait, innermost
 * first. The block then belongs to the base provider, and this room does not use it any more. A
 * terminated thread has no detach; a later thread with the same id makes these calls for it. */
struct blocking_operation {
  DWORD catalog_entry_id;
  void (*abandon)(struct blocking_operation *operation);
  /* The remaining fields are private to this room. */
  struct thread_record *record; /* with a reference */
  struct blocking_operation *outer;
  uintptr_t id;
  uintptr_t previous_current; /* the operation that was current before */
  bool awaiting_query;        /* begun, and its own query is not made yet */
};

/* Begins an operation on this thread. The next WPUQueryBlockingCallback that this thread makes
 * belongs to it. *wake receives an auto-reset event, which this room owns and which lives as
 * long as the thread. It is set when another thread cancels, and may be set without a cancel.
 * Returns 0, WSAEINPROGRESS (inside the blocking callback; nothing has begun) or WSAENOBUFS. */
int blocking_begin(struct blocking_operation *operation, HANDLE *wake);

/* Ends it, and all operations that began inside it. False if this is not the thread that began it,
 * because the hook switched fibers: then nothing has ended, and the thread that began it still has
 * the operation, which it abandons when it ends. */
bool blocking_end(struct blocking_operation *operation);

/* For any thread. */
bool blocking_is_cancelled(const struct blocking_operation *operation);

/* Cancels this thread's innermost operation of a base provider: one begun with blocking_begin,
 * or by a query with an id for which is_base_entry returns true. False if there is none. */
bool blocking_cancel_base_operation(bool (*is_base_entry)(DWORD catalog_entry_id));

/* --- for DllMain -------------------------------------------------------------------- */

void blocking_thread_detach(void);
void blocking_process_detach(void); /* FreeLibrary only */

#endif
