/* Makes the n-th call of the DLL to the system, to a lower provider or to an upcall fail, and
 * counts the resources that the DLL has taken from the system and not released. */
#ifndef WS2SPI_TESTS_INJECTION_H
#define WS2SPI_TESTS_INJECTION_H

#include <winsock2.h>
#include <windows.h>

/* From now on the n-th injectable call fails, whatever its kind and thread. With a name, the n-th
 * call of that name fails; "Reg*" stands for all names that start so. Only one call fails; then all
 * calls succeed again. */
void injection_arm(const char *name, LONG n);

/* While paused, calls do not count: for parts of a scenario that another scenario sweeps. */
void injection_pause(BOOL paused);

/* The name of the call that failed, or NULL if there was no n-th call. */
const char *injection_disarm(void);

/* The test calls a public function: a call that fails from now on fails in it. */
void injection_enter(const char *function);

struct injected_failure {
  const char *call;     /* NULL: no call has failed yet */
  const char *function; /* the public function in which it failed; NULL before the first */
  LONG step;            /* the number of public functions entered before that one */
  BOOL came_after_change;
};

/* Valid until injection_arm is called again. */
struct injected_failure injection_failure(void);

/* Called by every injectable call before anything else. */
BOOL injection_is_due(const char *name);

/* TRUE from the store's one write that makes a change hold until its lock is released. A failure in
 * between is no error of the call that made the change: it is recovered later. */
void injection_change_holds(BOOL holds);

/* --- the ledger ----------------------------------------------------------------------- */

enum resource {
  MEMORY,
  HANDLES,
  SOCKETS,
  REGISTRY_KEYS,
  THREADS,
  THREAD_SLOTS,
  MODULES,
  POOL_WAITS,
  WINSOCK_STARTS,
  RESOURCES
};

extern const char *const resource_names[RESOURCES];

/* Counts the resource if the call succeeded, and returns whether it did. */
BOOL resource_taken(enum resource resource, BOOL succeeded);
void resource_given_back(enum resource resource);
LONG resource_held(enum resource resource);
/* Resources that are held now are not counted any more. */
void resources_forget(void);

#endif
