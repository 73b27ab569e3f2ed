/* Catalog entry ids from the command line. */
#ifndef WS2SPI_TOOL_ID_LIST_H
#define WS2SPI_TOOL_ID_LIST_H

#include "tool/exit_codes.h"
#include "tool/windows_headers.h"

struct id_list {
  size_t count;
  DWORD *ids;
};

/* Decimal digits only. FALSE: anything else, or more than a DWORD holds. */
BOOL parse_id(const char *text, DWORD *id);

/* Appends the ids of a text such as "1001" or "1001,1002". EXIT_USAGE: the text is something else;
 * EXIT_FAILED: out of memory. No message is printed. */
enum exit_code id_list_add_text(struct id_list *list, const char *text);

/* FALSE: out of memory. */
BOOL id_list_add(struct id_list *list, DWORD id);
void id_list_free(struct id_list *list);

#endif
