/* Ws2SpiCheckCatalog: the problems of a stored catalog. */
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

static void check_report(struct report *report, DWORD position, DWORD id, const char *reason)
{
  const WS2SPI_CATALOG_PROBLEM problem = {.dwSize = sizeof problem,
                                          .dwPosition = position,
                                          .dwCatalogEntryId = id,
                                          .lpszReason = reason};

  report->count++;
  if (report->routine != NULL)
    report->routine(&problem, report->context);
}

/* Reports the two kinds of problems merged by position. Items that the store could not read count
 * as positions, although they are not among the items of the image. */
static void check_report_all(struct report *report, const struct store_image *image,
                             const char *const *reasons)
{
  DWORD position = 0;
  size_t next = 0; /* of the store's problems */

  for (size_t i = 0; i <= image->count; i++) {
    position++;
    for (; next < image->problem_count; next++) {
      const struct store_problem *problem = &image->problems[next];

      if (i < image->count && problem->position > position)
        break;
      check_report(report, problem->position, problem->catalog_entry_id, problem->reason);
      if (problem->position == position)
        position++;
    }
    if (i < image->count && reasons[i] != NULL)
      check_report(report, position, image->items[i].info.dwCatalogEntryId, reasons[i]);
  }
}

static int check_image(struct report *report, const struct store_image *image)
{
  const struct catalog_item **items = heap_allocate((image->count + 1) * sizeof *items);
  const char **reasons = heap_allocate((image->count + 1) * sizeof *reasons);
  int error = WSA_NOT_ENOUGH_MEMORY;

  for (size_t i = 0; items != NULL && i < image->count; i++)
    items[i] = &image->items[i];
  if (items != NULL && reasons != NULL && image_validate(items, image->count, reasons)) {
    check_report_all(report, image, reasons);
    error = 0;
  }
  heap_free(items);
  heap_free(reasons);
  return error;
}

static int check_width(DWORD dwWidth, struct report *report)
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
    error = check_image(report, image);
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
  error = check_width(dwWidth, &report);
  return error == 0 ? report.count : spi_fail(lpErrno, error);
}
