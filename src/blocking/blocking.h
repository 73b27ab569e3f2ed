/* The interface of the blocking core: hooks, blocking operations and cancels of threads.
 * The Winsock 1.1 functions over it are in src/winsock. */
#ifndef WS2SPI_BLOCKING_BLOCKING_H
#define WS2SPI_BLOCKING_BLOCKING_H

#include "platform/windows_headers.h"

#include <stdbool.h>
#include <stdint.h>

/* --- for the upcalls --------------------------------------------------------- */

/* Whether WSASetBlockingHook has put a hook on this thread. */
bool blocking_has_hook(void);

/* Whether this thread is inside its blocking callback, that is, inside a hook. */
bool blocking_in_callback(void);

/* Cancels the current operation of a thread and wakes its base wait. False: no such thread, or
 * it has no operation. */
bool blocking_cancel_thread(DWORD thread_id);

/* --- for the base provider ----------------------------------------------------- */

struct thread_record;

/* A wait of the base provider, which embeds this in a heap block of its own.
 * It belongs to the thread that began it. If that thread ends inside a hook, the
 * thread's detach calls `abandon`, innermost wait first, and the block is then the
 * base provider's to free; nothing of it is used afterwards. If the thread was
 * terminated, there is no detach, and a later thread with the same id does it. */
struct blocking_operation {
  DWORD catalog_entry_id;
  void (*abandon)(struct blocking_operation *operation);
  /* the rest is the blocking room's own */
  struct thread_record *record; /* with a reference */
  struct blocking_operation *outer;
  uintptr_t number;
  uintptr_t resumed; /* the operation that was current before */
  bool unclaimed;    /* begun, and its own query not made yet */
};

/* Begins an operation on this thread; the caller's own WPUQueryBlockingCallback,
 * made next through the upcall table, then belongs to it. *wake receives an event
 * (auto-reset, the blocking room's own, alive as long as the thread) that is set when
 * another thread cancels; it may also be set for no reason. 0, WSAEINPROGRESS (inside the blocking
 * callback: nothing begun) or WSAENOBUFS. */
int blocking_begin(struct blocking_operation *operation, HANDLE *wake);

/* Ends it, and everything begun inside it. False if this is not the thread that began
 * it, because the hook switched fibers: then nothing has ended, and the thread that
 * did begin it still has the operation, and abandons it in its own time. */
bool blocking_end(struct blocking_operation *operation);

/* For any thread. */
bool blocking_is_cancelled(const struct blocking_operation *operation);

/* Marks this thread's innermost operation that is a base provider's: begun with
 * blocking_begin, or by a query with an id for which is_base_entry answers true.
 * False if there is none. */
bool blocking_cancel_base_operation(bool (*is_base_entry)(DWORD id));

/* --- for DllMain ---------------------------------------------------------------- */

void blocking_thread_detach(void);
void blocking_process_detach(void); /* FreeLibrary only */

#endif
