/* The catalog as it stands at one moment: its key, its serial number, and the journal of a
 * change under way. A reader that finds the state current after it has read has read
 * one image: nothing that it reads changes without a journal, and each has a serial number
 * of its own. */
#ifndef WS2SPI_REGISTRY_CATALOG_STATE_H
#define WS2SPI_REGISTRY_CATALOG_STATE_H

#include "platform/registry.h"
#include "registry/journal.h"

struct catalog_state {
  HKEY key;     /* NULL: there is no catalog */
  DWORD serial; /* with the journal's change */
  bool has_journal;
  struct journal journal;
  void *journal_bytes;
};

/* 0 or an error of winerror.h; each success needs one close. */
DWORD catalog_state_open(struct catalog_state *state);
void catalog_state_close(struct catalog_state *state);

/* ERROR_RETRY: it is not current any more. Other errors: that cannot be told. */
DWORD catalog_state_check(const struct catalog_state *state);

/* The serial number alone, for one who has read before. */
DWORD catalog_state_serial(HKEY key, DWORD *serial);

#endif
