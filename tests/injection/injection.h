/* Makes the n-th call of the DLL to the system, to a lower provider or to an upcall
 * fail, and counts what the DLL has taken from the system and not given back. */
#ifndef WS2SPI_TESTS_INJECTION_H
#define WS2SPI_TESTS_INJECTION_H

#include <winsock2.h>
#include <windows.h>

/* From now on the n-th injectable call fails, of whatever kind, on whatever thread; with a
 * name, the n-th of that name (Reg*: of those that begin so). There is one failure; then all calls succeed again. */
void injection_arm(const char *name, LONG n);

/* What a scenario only needs, and another one sweeps: its calls do not count meanwhile. */
void injection_pause(BOOL paused);

/* The name of the call that failed, or NULL: there was no n-th. */
const char *injection_disarm(void);

/* The test calls a public function: what fails from now on fails in it. */
void injection_enter(const char *function);

struct injected_failure {
  const char *call;     /* NULL: none has come yet */
  const char *function; /* in which it came, NULL before the first */
  LONG step;            /* how many were entered before that one */
  BOOL came_after_change;
};

/* Also after injection_disarm, until it is armed again. */
struct injected_failure injection_failure(void);

/* By every injectable call, before anything else. */
BOOL injection_is_due(const char *name);

/* From a store's one write that makes a change hold until its lock is given back: what fails in
 * between is to be made up for later, and is no error of the call that made the change. */
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

/* Counts down, to be used in the place of the value that it returns. */
BOOL resource_taken(enum resource resource, BOOL succeeded);
void resource_given_back(enum resource resource);
LONG resource_held(enum resource resource);
/* What is held now is somebody else's business. */
void resources_forget(void);

#endif
