/* The installation of a layered provider. Each of its steps can be undone. */
#ifndef WS2SPI_TOOL_INSTALLATION_H
#define WS2SPI_TOOL_INSTALLATION_H

#include "tool/exit_codes.h"
#include "tool/id_list.h"

struct installation {
  DWORD width;
  WCHAR name[WSAPROTOCOL_LEN + 1];
  WCHAR path[MAX_PATH]; /* as it will be stored */
  GUID provider;        /* of the dummy entry */
  DWORD service_flags;  /* XP1_IFS_HANDLES or 0 */
  size_t target_count;
  const WSAPROTOCOL_INFOW **targets; /* the entries to layer over; they belong to a listing */
};

/* Installs the dummy entry and a chain over each target, and moves the chains to the front.
 * EXIT_DONE: `ids` has the id of the dummy and then those of the chains. Otherwise the catalog is
 * as before, or an error message names what is left. */
enum exit_code installation_run(const struct installation *installation, struct id_list *ids);

#endif
