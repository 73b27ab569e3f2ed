/* The state of the catalog at one moment: its key, its serial number, and the journal of an
 * unfinished change. If the state is still current after a reader has read the entries, the
 * reader has a consistent image: nothing changes without a journal, and each journal has a new
 * serial number. */
#ifndef WS2SPI_REGISTRY_CATALOG_STATE_H
#define WS2SPI_REGISTRY_CATALOG_STATE_H

#include "platform/registry.h"
#include "registry/journal.h"

struct catalog_state {
  HKEY key;     /* NULL: there is no catalog */
  DWORD serial; /* after the journal's change */
  bool has_journal;
  struct journal journal;
  void *journal_bytes;
};

/* 0 or an error of winerror.h. Each success needs one close. */
DWORD catalog_state_open(struct catalog_state *state);
void catalog_state_close(struct catalog_state *state);

/* 0: the state is current. ERROR_RETRY: it is not any more. Other errors: it is not known. */
DWORD catalog_state_check(const struct catalog_state *state);

/* Only the serial number, for a reader that has an image already. */
DWORD catalog_state_serial(HKEY key, DWORD *serial);

#endif
