/* Brings keys and values up to date with a journal. This can be repeated any number of times. The
 * caller has the write lock. */
#ifndef WS2SPI_REGISTRY_JOURNAL_REPLAY_H
#define WS2SPI_REGISTRY_JOURNAL_REPLAY_H

#include "platform/registry.h"
#include "registry/journal.h"

/* Applies the journal, then deletes it. */
DWORD journal_replay(HKEY catalog, const struct journal *journal);

/* Replays the journal that another writer has left, if any. Bytes that are not a journal are
 * deleted. */
DWORD journal_recover(void);

#endif
