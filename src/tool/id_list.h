/* Catalog entry ids from the command line. */
#ifndef WS2SPI_TOOL_ID_LIST_H
#define WS2SPI_TOOL_ID_LIST_H

#include "tool/windows_headers.h"

struct id_list {
  size_t count;
  DWORD *ids;
};

/* Decimal digits alone. FALSE: something else, or more than a DWORD. */
BOOL parse_id(const char *text, DWORD *id);

/* Appends what "1001" or "1001,1002" says. FALSE: something else, or no memory. */
BOOL id_list_add_text(struct id_list *list, const char *text);
BOOL id_list_add(struct id_list *list, DWORD id);
void id_list_free(struct id_list *list);

/* For qsort and bsearch of DWORDs. */
int compare_dwords(const void *left, const void *right);

#endif
