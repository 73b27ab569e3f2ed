/* gcc's analyzer must object to this. */
#include <stdlib.h>

int leak(void);
int leak(void)
{
  char *const memory = malloc(1);

  if (memory == NULL)
    return -1;
  *memory = 1;
  return *memory;
}
