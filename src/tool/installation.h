/* A layered provider on its way into a catalog, step by step, each of which can be undone. */
#ifndef WS2SPI_TOOL_INSTALLATION_H
#define WS2SPI_TOOL_INSTALLATION_H

#include "tool/exit_codes.h"
#include "tool/id_list.h"

struct installation {
  DWORD width;
  WCHAR name[WSAPROTOCOL_LEN + 1];
  WCHAR path[MAX_PATH]; /* as it will be stored */
  GUID provider;        /* the dummy's */
  DWORD service_flags;  /* XP1_IFS_HANDLES or 0 */
  size_t lower_count;
  const WSAPROTOCOL_INFOW **lower; /* what to layer over; the memory is the caller's */
};

/* Installs the dummy, a chain over each lower entry, and puts the chains first. EXIT_DONE:
 * `ids` has the dummy's id and then the chains'. Otherwise the catalog is as before, or a
 * complaint says what is left. */
enum exit_code installation_run(const struct installation *installation, struct id_list *ids);

#endif
