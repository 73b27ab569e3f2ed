#include "tool/listing.h"

#include "tool/output.h"

#include <stdlib.h>

/* The buffer grows until the entries fit: another process may add some in between. */
static int listing_read_entries(struct listing *listing)
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

static void CALLBACK listing_add_problem(const WS2SPI_CATALOG_PROBLEM *problem, LPVOID context)
{
  struct listing *const listing = context;
  const size_t count = listing->problem_count;

  /* The memory is doubled whenever the count reaches a power of two. */
  if ((count & (count - 1)) == 0) {
    WS2SPI_CATALOG_PROBLEM *const problems =
        realloc(listing->problems, (2 * count + 1) * sizeof *problems);

    if (problems == NULL)
      return;
    listing->problems = problems;
  }
  listing->problems[listing->problem_count++] = *problem;
}

static int listing_read_problems(struct listing *listing)
{
  int error = 0;
  const int count = Ws2SpiCheckCatalog(listing->width, listing_add_problem, listing, &error);

  if (count == SOCKET_ERROR)
    return error;
  return (size_t)count == listing->problem_count ? 0 : WSA_NOT_ENOUGH_MEMORY;
}

enum exit_code listing_read(struct listing *listing, DWORD width)
{
  int error;

  *listing = (struct listing){.width = width};
  error = listing_read_entries(listing);
  if (error == 0)
    error = listing_read_problems(listing);
  if (error == 0 && !listing_index(listing))
    error = WSA_NOT_ENOUGH_MEMORY;
  if (error == 0)
    return EXIT_DONE;
  print_diagnostic("the %d-bit catalog could not be read: %s (%d)", width_bits(width),
                   error_name(error), error);
  listing_free(listing);
  return EXIT_FAILED;
}
