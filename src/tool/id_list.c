#include "tool/id_list.h"

#include <stdlib.h>

/* The digits up to something else, which is left at *text. FALSE: none, or too many. */
static BOOL read_id(const char **text, DWORD *id)
{
  const char *const start = *text;
  unsigned long long value = 0;

  for (; **text >= '0' && **text <= '9' && value <= MAXDWORD; ++*text)
    value = value * 10 + (unsigned)(**text - '0');
  *id = (DWORD)value;
  return *text != start && value <= MAXDWORD;
}

BOOL parse_id(const char *text, DWORD *id)
{
  return read_id(&text, id) && *text == '\0';
}

BOOL id_list_add(struct id_list *list, DWORD id)
{
  /* Grows at powers of two. */
  if ((list->count & (list->count - 1)) == 0) {
    DWORD *const ids = realloc(list->ids, (2 * list->count + 1) * sizeof *ids);

    if (ids == NULL)
      return FALSE;
    list->ids = ids;
  }
  list->ids[list->count++] = id;
  return TRUE;
}

BOOL id_list_add_text(struct id_list *list, const char *text)
{
  DWORD id;

  for (;;) {
    if (!read_id(&text, &id) || !id_list_add(list, id))
      return FALSE;
    if (*text == '\0')
      return TRUE;
    if (*text++ != ',')
      return FALSE;
  }
}

void id_list_free(struct id_list *list)
{
  free(list->ids);
  *list = (struct id_list){0};
}

int compare_dwords(const void *left, const void *right)
{
  const DWORD a = *(const DWORD *)left;
  const DWORD b = *(const DWORD *)right;

  return (a > b) - (a < b);
}
