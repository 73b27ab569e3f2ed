/* All of the DLL's state that the public functions show, and the bytes of the catalog in the
 * registry, for comparison with an earlier snapshot. */
#ifndef WS2SPI_TESTS_STATE_SNAPSHOT_H
#define WS2SPI_TESTS_STATE_SNAPSHOT_H

#include "injection/shim.h"

#include <stddef.h>

struct state_snapshot {
  char *bytes; /* views, one after another */
  size_t size;
  size_t room;
};

/* An application and an argument string whose categories are in every snapshot. */
#define CATEGORISED_APPLICATION L"C:\\nowhere\\program.exe"
#define CATEGORISED_EXTRA       L"-k net"

/* For both widths: entries, problems, order, paths, categories of providers and applications, the
 * entry that a socket would get, and the upcalls in use. Taking it changes nothing. */
void snapshot_catalog(struct state_snapshot *snapshot, const struct shim *shim);

/* Every key and value with its bytes; nothing if the catalog is not in the registry. */
void snapshot_registry(struct state_snapshot *snapshot);

/* The names of keys and values only. */
void snapshot_registry_names(struct state_snapshot *snapshot);

/* The started providers, and the thread's hook, operation and right to set a hook. Only while
 * nothing is expected to be started or set, because it tries to stop and to set these. */
void snapshot_process(struct state_snapshot *snapshot, const struct shim *shim);

void snapshot_destroy(struct state_snapshot *snapshot);

/* NULL if they are equal, else the names of the first views that differ. Views without bytes are
 * compared by name only. */
const char *snapshot_difference(const struct state_snapshot *one,
                                const struct state_snapshot *other);

#endif
