/* Brings keys and values up to a journal. All of it can be done again and again; the caller has
 * the write lock. */
#ifndef WS2SPI_REGISTRY_JOURNAL_REPLAY_H
#define WS2SPI_REGISTRY_JOURNAL_REPLAY_H

#include "platform/registry.h"
#include "registry/journal.h"

/* Does what the journal says, then deletes it. */
DWORD redo_journal(HKEY catalog, const struct journal *journal);

/* Does so if a writer has left one; bytes that are no journal are deleted. */
DWORD redo_what_was_left(void);

#endif
