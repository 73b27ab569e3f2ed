/* The description that carries a socket to another process, between our catalog
 * and the system's. */
#ifndef WS2SPI_BASE_DUPLICATE_H
#define WS2SPI_BASE_DUPLICATE_H

#include "base/base_protocols.h"

/* Whether a description is one that WSPDuplicateSocket made: Windows keeps its data
 * in dwProviderReserved, Wine in the last service flags. */
bool base_info_is_duplicate(const WSAPROTOCOL_INFOW *info);

/* The mode that the original had when it was duplicated. */
bool base_info_is_nonblocking(const WSAPROTOCOL_INFOW *info);

/* Gives it the catalog id under which the system knows the same transport. */
void base_info_to_system(const struct base_entry *entry, WSAPROTOCOL_INFOW *info);

#endif
