/* All that the public functions show of the DLL's state, and what the catalog's store in the registry
 * holds byte by byte, to be compared with what they showed before. */
#ifndef WS2SPI_TESTS_FAULTS_PHOTOGRAPH_H
#define WS2SPI_TESTS_FAULTS_PHOTOGRAPH_H

#include "injection/shim.h"

#include <stddef.h>

struct state_snapshot {
  char *bytes; /* one view after another */
  size_t size;
  size_t room;
};

/* An application and an argument string whose categories are in every photograph. */
#define CATEGORISED_APPLICATION L"C:\\nowhere\\program.exe"
#define CATEGORISED_EXTRA       L"-k net"

/* Of both widths: entries, faults, order, paths, categories of providers and applications; which entry
 * a socket would get; the upcalls in force. Nothing of it changes anything, at any time. */
void photograph_catalog(struct state_snapshot *state_snapshot, const struct shim *shim);

/* Every key and value, with its bytes. Nothing if the catalog is kept elsewhere. */
void photograph_registry(struct state_snapshot *state_snapshot);

/* Names of keys and values alone. */
void photograph_registry_names(struct state_snapshot *state_snapshot);

/* Which providers are started, and the thread's hook, operation and right to one. Only while
 * nothing is expected to be started or set: it is looked for by stopping and setting it. */
void photograph_process(struct state_snapshot *state_snapshot, const struct shim *shim);

void photograph_destroy(struct state_snapshot *state_snapshot);

/* NULL if they are equal, else what differs. Names alone are compared where one has no bytes. */
const char *photograph_difference(const struct state_snapshot *one,
                                  const struct state_snapshot *other);

#endif
