/* The protocol information by which WSPDuplicateSocket passes a socket to another process. */
#ifndef WS2SPI_BASE_DUPLICATE_H
#define WS2SPI_BASE_DUPLICATE_H

#include "base/base_protocols.h"

/* Whether WSPDuplicateSocket made the information. Windows keeps the duplicate in
 * dwProviderReserved, Wine in the last service flags. */
bool duplicate_is_in(const WSAPROTOCOL_INFOW *info);

/* The blocking mode of the original when it was duplicated. */
bool duplicate_is_nonblocking(const WSAPROTOCOL_INFOW *info);

/* Replaces the fields of this catalog's entry by those of the system's entry for the same
 * protocol, so that the system accepts the information. */
void duplicate_info_to_system(const struct base_protocol *protocol, WSAPROTOCOL_INFOW *info);

#endif
