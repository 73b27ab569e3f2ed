/* Every change and every query of a catalog, each as one call on the same initial catalog, for
 * tests in which something fails during the call. The initial catalog has two installed providers,
 * one of them in both widths and one with categories, and two process-local chains over a
 * registered provider. */
#ifndef WS2SPI_TESTS_CATALOG_CHANGES_H
#define WS2SPI_TESTS_CATALOG_CHANGES_H

#include <ws2spi_shim.h>

#include <stdbool.h>

struct catalog_call {
  const char *name;
  int (*run)(void); /* 0 or the error */
  int shortage;     /* the error for a shortage of memory */
};

extern const struct catalog_call CATALOG_CHANGES[];
extern const size_t CATALOG_CHANGE_COUNT;

/* The calls that change nothing. */
extern const struct catalog_call CATALOG_QUERIES[];
extern const size_t CATALOG_QUERY_COUNT;

/* Removes one of the two process-local chains. It is also one of the changes, under the first of
 * these names; the second is that of the change of order. */
int changes_remove_local(void);
extern const char CHANGES_REMOVE_LOCAL[], CHANGES_ORDER[];

/* Group fixtures. */
int changes_begin(void **state);
int changes_end(void **state);

/* Leaves only the base entries in the open store. changes_end does this too. */
void changes_end_of_store(void);

/* Restores the initial catalog if it has changed. */
void changes_undo(void);

/* Hashes of both widths, the process-local entries and the categories. `with_ids` shows whether
 * anything was touched. `content` leaves out the ids and the ProviderIds that were made for chains,
 * which differ after a restore. */
struct catalog_digest {
  unsigned long long content, with_ids;
};
struct catalog_digest changes_digest(void);

/* Whether the content has changed or else the ids have not. */
bool changes_kept_ids(struct catalog_digest before, struct catalog_digest now);

#endif
