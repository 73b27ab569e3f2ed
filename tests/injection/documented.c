/* Which error a public function may report when one of the DLL's own calls fails: the rows of the
 * table "Failures of the system" in src/CONFORMANCE.md, which CMakeLists.txt writes into
 * documented_rows.inc. */
#include "injection/documented.h"

#include <string.h>

#define ANY_OTHER NULL

static const struct documented_row {
  const char *function;
  const char *call;
  int error;
} rows[] = {
#include "documented_rows.inc"

    /* Codes that the tests make up, which the function passes on: WSAENETDOWN is that of lower
     * providers and upcalls, and WSAENOBUFS that of the system's Winsock. */
    {"WSACleanup", ANY_OTHER, WSAENOBUFS},
    {"blocking callback", "lower WSPCancelBlockingCall", WSAENETDOWN},
    {"Ws2SpiStopProvider", "lower WSPCleanup", WSAENETDOWN},
    {"WSPSocket", "upcall WPUModifyIFSHandle", WSAENETDOWN},
    {"WSPConnect", "upcall WPUQueryBlockingCallback", WSAENETDOWN},
    {"WSPRecv", "upcall WPUQueryBlockingCallback", WSAENETDOWN},
    /* It has no error codes; the step reports this one. */
    {"WPUPostMessage", ANY_OTHER, WSABASEERR},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static BOOL documented_row_fits(const struct documented_row *row, const char *function,
                                const char *call)
{
  return strcmp(row->function, function) == 0 &&
         (call == ANY_OTHER ? row->call == ANY_OTHER
                            : row->call != ANY_OTHER && strcmp(row->call, call) == 0);
}

/* A row for one call replaces the function's row for any other. */
BOOL is_documented(const char *function, const char *call, int error)
{
  BOOL has_own_row = FALSE;

  for (int i = 0; i < ROWS; i++) {
    if (!documented_row_fits(&rows[i], function, call))
      continue;
    if (rows[i].error == error)
      return TRUE;
    has_own_row = TRUE;
  }
  for (int i = 0; i < ROWS && !has_own_row; i++)
    if (documented_row_fits(&rows[i], function, ANY_OTHER) && rows[i].error == error)
      return TRUE;
  return FALSE;
}
