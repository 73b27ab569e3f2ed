/* What is wrong in a stored catalog. */
#include "catalog/catalog.h"
#include "catalog/image_validate.h"
#include "platform/caller_memory.h"
#include "platform/heap.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"

#include <string.h>

struct report {
  LPWS2SPI_PROBLEM_ROUTINE routine;
  LPVOID context;
  int count;
};

static void tell(struct report *report, DWORD position, DWORD id, const char *reason)
{
  const WS2SPI_CATALOG_PROBLEM fault = {
      .dwSize = sizeof fault, .dwPosition = position, .dwCatalogEntryId = id, .lpszReason = reason};

  report->count++;
  if (report->routine != NULL)
    report->routine(&fault, report->context);
}

/* NULL: there is none any more. */
static const struct store_problem *next_fault(const struct store_image *image, size_t fault)
{
  return fault < image->problem_count ? &image->problems[fault] : NULL;
}

/* The two kinds of faults, merged by position: items that the store could not read count
 * as positions, though they are no items of the image. */
static void tell_all(struct report *report, const struct store_image *image,
                     const char *const *reasons)
{
  const struct store_problem *told;
  DWORD position = 0;
  size_t fault = 0;

  for (size_t i = 0; i <= image->count; i++) {
    position++;
    while ((told = next_fault(image, fault)) != NULL &&
           (i == image->count || told->position <= position)) {
      tell(report, told->position, told->catalog_entry_id, told->reason);
      if (told->position == position)
        position++;
      fault++;
    }
    if (i < image->count && reasons[i] != NULL)
      tell(report, position, image->items[i].info.dwCatalogEntryId, reasons[i]);
  }
}

static int examine(struct report *report, const struct store_image *image)
{
  const struct catalog_item **items = heap_allocate((image->count + 1) * sizeof *items);
  const char **reasons = heap_allocate((image->count + 1) * sizeof *reasons);
  int error = WSA_NOT_ENOUGH_MEMORY;

  for (size_t i = 0; items != NULL && i < image->count; i++)
    items[i] = &image->items[i];
  if (items != NULL && reasons != NULL && image_validate(items, image->count, reasons)) {
    tell_all(report, image, reasons);
    error = 0;
  }
  heap_free(items);
  heap_free(reasons);
  return error;
}

static int check(DWORD dwWidth, struct report *report)
{
  struct store_image *image = NULL;
  enum catalog_width width;
  const void *address;
  int error;

  if (!width_from_flag(dwWidth, &width))
    return WSAEINVAL;
  memcpy(&address, &report->routine, sizeof address);
  if (report->routine != NULL && !caller_can_execute(address))
    return WSAEFAULT;
  error = catalog_store_in_use()->read(width, &image);
  if (error == 0)
    error = examine(report, image);
  store_free_image(image);
  return error;
}

int WSPAPI Ws2SpiCheckCatalog(DWORD dwWidth, LPWS2SPI_PROBLEM_ROUTINE lpfnProblem, LPVOID lpContext,
                              LPINT lpErrno)
{
  struct report report = {lpfnProblem, lpContext, 0};
  int error;

  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  error = check(dwWidth, &report);
  return error == 0 ? report.count : spi_fail(lpErrno, error);
}
