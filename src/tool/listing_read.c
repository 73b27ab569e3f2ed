#include "tool/listing.h"

#include "tool/output.h"

#include <stdlib.h>

/* The buffer grows until they fit, as another process may add some meanwhile. */
static int read_entries(struct listing *listing)
{
  DWORD bytes = 0;
  int error = 0;
  int count;

  while ((count = Ws2SpiEnumCatalog(listing->width, listing->entries, &bytes, &error)) ==
         SOCKET_ERROR) {
    free(listing->entries);
    listing->entries = NULL;
    if (error != WSAENOBUFS)
      return error;
    listing->entries = malloc(bytes);
    if (listing->entries == NULL)
      return WSA_NOT_ENOUGH_MEMORY;
    listing->entries->dwSize = sizeof *listing->entries;
  }
  listing->count = (size_t)count;
  return 0;
}

static void CALLBACK add_fault(const WS2SPI_CATALOG_PROBLEM *fault, LPVOID context)
{
  struct listing *const listing = context;
  const size_t count = listing->fault_count;

  /* Grows at powers of two. */
  if ((count & (count - 1)) == 0) {
    WS2SPI_CATALOG_PROBLEM *const faults =
        realloc(listing->faults, (2 * count + 1) * sizeof *faults);

    if (faults == NULL)
      return;
    listing->faults = faults;
  }
  listing->faults[listing->fault_count++] = *fault;
}

static int read_faults(struct listing *listing)
{
  int error = 0;
  const int count = Ws2SpiCheckCatalog(listing->width, add_fault, listing, &error);

  if (count == SOCKET_ERROR)
    return error;
  return (size_t)count == listing->fault_count ? 0 : WSA_NOT_ENOUGH_MEMORY;
}

enum exit_code listing_read(struct listing *listing, DWORD width)
{
  int error;

  *listing = (struct listing){.width = width};
  error = read_entries(listing);
  if (error == 0)
    error = read_faults(listing);
  if (error == 0 && !listing_index(listing))
    error = WSA_NOT_ENOUGH_MEMORY;
  if (error == 0)
    return EXIT_DONE;
  complain("the %d-bit catalog cannot be read: %s (%d)", width_bits(width), error_name(error),
           error);
  listing_free(listing);
  return EXIT_FAILED;
}
