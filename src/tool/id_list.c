#include "tool/id_list.h"

#include <stdlib.h>

/* Moves *text behind the digits. FALSE: no digits, or more than a DWORD holds. */
static BOOL id_list_read_id(const char **text, DWORD *id)
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
  return id_list_read_id(&text, id) && *text == '\0';
}

BOOL id_list_add(struct id_list *list, DWORD id)
{
  /* The memory is doubled whenever the count reaches a power of two. */
  if ((list->count & (list->count - 1)) == 0) {
    DWORD *const ids = realloc(list->ids, (2 * list->count + 1) * sizeof *ids);

    if (ids == NULL)
      return FALSE;
    list->ids = ids;
  }
  list->ids[list->count++] = id;
  return TRUE;
}

enum exit_code id_list_add_text(struct id_list *list, const char *text)
{
  DWORD id;

  for (;;) {
    if (!id_list_read_id(&text, &id))
      return EXIT_USAGE;
    if (!id_list_add(list, id))
      return EXIT_FAILED;
    if (*text == '\0')
      return EXIT_DONE;
    if (*text++ != ',')
      return EXIT_USAGE;
  }
}

void id_list_free(struct id_list *list)
{
  free(list->ids);
  *list = (struct id_list){0};
}
