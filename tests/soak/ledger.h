/* A ledger of all actions: counts, and each operation and cancel with the times of its start and
 * end, so that afterwards each cancel can be accounted for.
 *
 * Time is a counter that all threads increment. Each thread writes the operations and cancels of
 * its own slot only, and they are read when all threads have ended. */
#ifndef WS2SPI_TESTS_SOAK_LEDGER_H
#define WS2SPI_TESTS_SOAK_LEDGER_H

#include <winsock2.h>
#include <windows.h>

#define LEDGER_KINDS(X)                                                                            \
  X(ACTIONS_DONE, "actions")                                                                       \
  X(THREADS_STARTED, "threads started")                                                            \
  X(THREADS_ENDED, "threads ended")                                                                \
  X(EXITS_IN_HOOKS, "  of which inside a hook")                                                    \
  X(QUERIED_OPERATIONS, "operations by query")                                                     \
  X(BASE_RECEIVES, "blocking receives")                                                            \
  X(CALLBACKS, "callbacks")                                                                        \
  X(HOOK_RUNS, "hook runs")                                                                        \
  X(OWN_CANCELS, "cancels by a hook")                                                              \
  X(CANCELS_AT_A_PROVIDER, "  passed on to a provider")                                            \
  X(CANCELS_TRIED, "cancels of other threads tried")                                               \
  X(HANDLES_MADE, "socket handles made")                                                           \
  X(HANDLES_LOOKED_UP, "  looked up")                                                              \
  X(HANDLES_GONE, "  looked up after the close")                                                   \
  X(HANDLES_CLOSED, "  closed")                                                                    \
  X(COMPLETIONS, "requests completed")                                                             \
  X(PACKETS, "completion packets")                                                                 \
  X(OVERLAPPED_RECEIVES, "overlapped receives")                                                    \
  X(INSTALLS, "providers installed")                                                               \
  X(DEINSTALLS, "providers deinstalled")                                                           \
  X(ENUMERATIONS, "catalog enumerations")                                                          \
  X(LOOK_UPS, "catalog look-ups")                                                                  \
  X(REGISTRATIONS, "providers registered")                                                         \
  X(UNREGISTRATIONS, "providers unregistered")                                                     \
  X(STARTS, "provider starts")                                                                     \
  X(STOPS, "provider stops")                                                                       \
  X(STARTUPS_SEEN, "WSPStartup calls of a provider")                                               \
  X(CLEANUPS_SEEN, "WSPCleanup calls of a provider")                                               \
  X(DLL_LOADS, "provider DLLs loaded")                                                             \
  X(DLL_UNLOADS, "provider DLLs unloaded")                                                         \
  X(WINSOCK_STARTS, "WSAStartup and WSACleanup pairs")

enum ledger_kind {
#define LEDGER_KIND(kind, text) kind,
  LEDGER_KINDS(LEDGER_KIND)
#undef LEDGER_KIND
      LEDGER_KIND_COUNT
};

void ledger_begin(unsigned slots, unsigned actions);
void ledger_free(void);

void ledger_count(enum ledger_kind kind);
LONG ledger_counted(enum ledger_kind kind);

/* Notes a wrong result. The first few are printed. */
void ledger_mistake(unsigned slot, const char *what, int error);
LONG ledger_mistakes(void);

LONG ledger_now(void);

struct soak_operation {
  LONG began;
  /* A cancel that was accepted before this time must have ended the operation. */
  LONG last_look;
  LONG alive; /* a cancel that had ended by then did not end the operation, and will not */
  LONG over;  /* no cancel can reach the operation from this time on */
  BOOL was_cancelled;
  BOOL by_its_own_hook;
};

struct soak_operation *ledger_begin_operation(unsigned slot);

/* Notes that a cancel of the thread of slot `victim` was accepted. */
void ledger_cancel(unsigned slot, unsigned victim, LONG before, LONG after);

struct cancel_balance {
  unsigned sent;
  unsigned seen;    /* ended an operation */
  unsigned again;   /* of an operation that another cancel, or its own hook, cancelled too */
  unsigned lost;    /* came when its operation was complete */
  unsigned missing; /* none of these: a live operation did not end, or was seen alive afterwards */
  unsigned astray;  /* operations that ended as cancelled without a cancel */
};

struct cancel_balance ledger_balance(void);
void ledger_print(void);

#endif
