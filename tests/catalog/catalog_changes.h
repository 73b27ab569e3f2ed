/* All that can be done to a catalog, each as one call on the same standing catalog, for tests
 * in which something goes wrong meanwhile. The catalog has two providers of its own, one of
 * them in both widths and one with categories, and over a registered provider two chains that are
 * of this process alone. */
#ifndef WS2SPI_TESTS_CATALOG_CHANGES_H
#define WS2SPI_TESTS_CATALOG_CHANGES_H

#include <ws2spi_shim.h>

#include <stdbool.h>

struct catalog_call {
  const char *name;
  int (*run)(void); /* 0 or the error */
  int shortage;     /* the error when memory is short */
};

extern const struct catalog_call CATALOG_CHANGES[];
extern const size_t CATALOG_CHANGE_COUNT;

/* What changes nothing but asks. */
extern const struct catalog_call CATALOG_QUESTIONS[];
extern const size_t CATALOG_QUESTION_COUNT;

/* One of the two chains of this process goes: also one of the changes, as the order is, by name. */
int changes_remove_local(void);
extern const char CHANGES_REMOVE_LOCAL[], CHANGES_ORDER[];

/* Group fixtures. */
int changes_begin(void **state);
int changes_end(void **state);

/* Only the base entries are left in the open store; also a part of changes_end. */
void changes_end_of_store(void);

/* Makes the catalog as it stood, if it does not. */
void changes_undo(void);

/* What both widths, the entries of this process and the categories are, as numbers that differ when
 * those do. With the ids for what must not have been touched; the content without them, and
 * without the ProviderIds that were made for chains, for what was made anew. */
struct catalog_picture {
  unsigned long long content, with_ids;
};
struct catalog_picture changes_picture(void);

/* Whether nothing was touched, or, since what is made anew has new ids, the content changed. */
bool changes_kept_ids(struct catalog_picture before, struct catalog_picture now);

#endif
