#include "tool/commands.h"

#include "tool/listing.h"
#include "tool/output.h"

#include <string.h>

/* What a program would hand to socket(). */
struct wanted {
  const char *name;
  int family;
  int type;
  int protocol;
};

static const struct wanted *find_wanted(const char *name)
{
  static const struct wanted all[] = {
      {"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP},
      {"UDP", AF_INET, SOCK_DGRAM, IPPROTO_UDP},
      {"RAW", AF_INET, SOCK_RAW, 0},
      {"TCPv6", AF_INET6, SOCK_STREAM, IPPROTO_TCP},
      {"UDPv6", AF_INET6, SOCK_DGRAM, IPPROTO_UDP},
      {"RAWv6", AF_INET6, SOCK_RAW, 0},
  };

  for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
    if (_stricmp(name, all[i].name) == 0)
      return &all[i];
  return NULL;
}

static void print_element(const struct listing *listing, DWORD id)
{
  const WS2SPI_CATALOG_ENTRY *const entry = listing_find(listing, id);

  if (entry == NULL) {
    print("    %lu, which is not there\n", id);
    return;
  }
  print("    %lu %s, ", id, utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
  print("%s\n", utf8_from_wide(entry->szPath).text);
}

static void print_selected(const struct listing *listing, const WSAPROTOCOL_INFOW *info)
{
  const WS2SPI_CATALOG_ENTRY *const entry = listing_find(listing, info->dwCatalogEntryId);
  const int length = entry != NULL ? entry_chain_length(entry) : 0;

  print("%lu %s\n", info->dwCatalogEntryId, utf8_from_wide(info->szProtocol).text);
  for (int i = 0; i < length; i++)
    print_element(listing, info->ProtocolChain.ChainEntries[i]);
  if (length == 0)
    print_element(listing, info->dwCatalogEntryId);
}

static enum exit_code select_one(DWORD width, void *context)
{
  const struct wanted *const wanted = context;
  WSAPROTOCOL_INFOW info;
  struct listing listing;
  int error = 0;

  if (listing_read(&listing, width) != EXIT_DONE)
    return EXIT_FAILED;
  if (Ws2SpiSelectProtocol(width, wanted->family, wanted->type, wanted->protocol, &info, &error) ==
      0)
    print_selected(&listing, &info);
  else
    complain("no entry of the %d-bit catalog serves %s: %s (%d)", width_bits(width), wanted->name,
             error_name(error), error);
  listing_free(&listing);
  switch (error) {
  case 0:
    return EXIT_DONE;
  case WSAEAFNOSUPPORT:
  case WSAESOCKTNOSUPPORT:
  case WSAEPROTONOSUPPORT:
    return EXIT_NO;
  default:
    return EXIT_FAILED;
  }
}

enum exit_code command_which(const struct request *request, int count, const char **arguments)
{
  struct wanted wanted;
  const struct wanted *const found = find_wanted(arguments[0]);

  (void)count;
  if (found == NULL) {
    complain("%s is none of TCP, UDP, RAW, TCPv6, UDPv6, RAWv6", arguments[0]);
    return EXIT_USAGE;
  }
  wanted = *found;
  return for_each_width(request, WS2SPI_WIDTH_NATIVE, select_one, &wanted);
}
