#include "tool/commands.h"

#include "tool/listing.h"
#include "tool/output.h"
#include "tool/protocols.h"

static void which_print_element(const struct listing *listing, DWORD id)
{
  const WS2SPI_CATALOG_ENTRY *const entry = listing_find(listing, id);

  if (entry == NULL) {
    print("    %lu (missing)\n", id);
    return;
  }
  print("    %lu %s, ", id, utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
  print("%s\n", utf8_from_wide(entry->szPath).text);
}

static void which_print(const struct listing *listing, const WSAPROTOCOL_INFOW *info)
{
  const WS2SPI_CATALOG_ENTRY *const entry = listing_find(listing, info->dwCatalogEntryId);
  const int length = entry != NULL ? entry_chain_length(entry) : 0;

  print("%lu %s\n", info->dwCatalogEntryId, utf8_from_wide(info->szProtocol).text);
  for (int i = 0; i < length; i++)
    which_print_element(listing, info->ProtocolChain.ChainEntries[i]);
  if (length == 0)
    which_print_element(listing, info->dwCatalogEntryId);
}

static enum exit_code which_select(DWORD width, void *context)
{
  const struct protocol *const protocol = context;
  WSAPROTOCOL_INFOW info;
  struct listing listing;
  int error = 0;

  if (listing_read(&listing, width) != EXIT_DONE)
    return EXIT_FAILED;
  if (Ws2SpiSelectProtocol(width, protocol->family, protocol->type, protocol->protocol, &info,
                           &error) == 0)
    which_print(&listing, &info);
  else
    print_diagnostic("no entry of the %d-bit catalog matches %s: %s (%d)", width_bits(width),
                     protocol->name, error_name(error), error);
  listing_free(&listing);
  switch (error) {
  case 0:
    return EXIT_DONE;
  case WSAEAFNOSUPPORT:
  case WSAESOCKTNOSUPPORT:
  case WSAEPROTONOSUPPORT:
    return EXIT_NEGATIVE;
  default:
    return EXIT_FAILED;
  }
}

enum exit_code command_which(const struct command_line *line)
{
  struct protocol protocol;

  if (!protocol_by_name(line->arguments[0], &protocol)) {
    print_diagnostic("unknown protocol \"%s\": use TCP, UDP, RAW, TCPv6, UDPv6 or RAWv6",
                     line->arguments[0]);
    return EXIT_USAGE;
  }
  return for_each_width(line, WS2SPI_WIDTH_NATIVE, which_select, &protocol);
}
