#include "catalog/store.h"

#include "platform/heap.h"

void store_free_image(struct store_image *image)
{
  if (image == NULL)
    return;
  heap_free(image->items);
  heap_free(image->problems);
  heap_free(image);
}
