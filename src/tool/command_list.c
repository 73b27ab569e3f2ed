#include "tool/commands.h"

#include "tool/guid_text.h"
#include "tool/listing.h"
#include "tool/output.h"

/* Every label and its padding are 36 characters wide; netsh's scripts count on it. */
static void print_line(const char *label, const char *value)
{
  print("%-36s%s\n", label, value);
}

static void print_number(const char *label, int value)
{
  print("%-36s%d\n", label, value);
}

static const char *entry_type(const WSAPROTOCOL_INFOW *info)
{
  switch (info->ProtocolChain.ChainLen) {
  case LAYERED_PROTOCOL:
    return "Layered Service Provider";
  case BASE_PROTOCOL:
    return "Base Service Provider";
  default:
    return "Layered Chain Entry";
  }
}

static void print_chain(const WS2SPI_CATALOG_ENTRY *entry)
{
  const int length = entry_chain_length(entry);

  if (length == 0)
    return;
  print("%-36s", "Protocol Chain:");
  for (int i = 0; i < length; i++)
    print("%s%lu", i == 0 ? "" : " : ", entry->ProtocolInfo.ProtocolChain.ChainEntries[i]);
  print("\n");
}

static void print_entry(const WS2SPI_CATALOG_ENTRY *entry, const char *mark)
{
  const WSAPROTOCOL_INFOW *const info = &entry->ProtocolInfo;

  print("Winsock Catalog Provider Entry\n"
        "------------------------------------------------------\n");
  print("%-36s%s%s\n", "Entry Type:", entry_type(info), mark);
  print_line("Description:", utf8_from_wide(info->szProtocol).text);
  print_line("Provider ID:", guid_to_text(&info->ProviderId).text);
  print_line("Provider Path:", utf8_from_wide(entry->szPath).text);
  print("%-36s%lu\n", "Catalog Entry ID:", info->dwCatalogEntryId);
  print_number("Version:", info->iVersion);
  print_number("Address Family:", info->iAddressFamily);
  print_number("Max Address Length:", info->iMaxSockAddr);
  print_number("Min Address Length:", info->iMinSockAddr);
  print_number("Socket Type:", info->iSocketType);
  print_number("Protocol:", info->iProtocol);
  print("%-36s0x%lx\n", "Service Flags:", info->dwServiceFlags1);
  print_number("Protocol Chain Length:", info->ProtocolChain.ChainLen);
  print_chain(entry);
}

/* On a 64-bit system netsh marks what is of the 32-bit catalog. */
static const char *mark_of(DWORD width)
{
  return width == WS2SPI_WIDTH_32 && system_widths() == WS2SPI_WIDTH_BOTH ? " (32)" : "";
}

static enum exit_code list(DWORD width, void *printed_before)
{
  BOOL *const printed = printed_before;
  struct listing listing;

  if (listing_read(&listing, width) != EXIT_DONE)
    return EXIT_FAILED;
  for (size_t i = 0; i < listing.count; i++) {
    if (*printed)
      print("\n");
    print_entry(&listing.entries[i], mark_of(width));
    *printed = TRUE;
  }
  if (listing.fault_count > 0)
    complain("broken entries left out of the %d-bit catalog: %zu; see ws2spi catalog check",
             width_bits(width), listing.fault_count);
  listing_free(&listing);
  return EXIT_DONE;
}

enum exit_code command_list(const struct request *request, int count, const char **arguments)
{
  BOOL printed = FALSE;

  (void)count;
  (void)arguments;
  return for_each_width(request, WS2SPI_WIDTH_BOTH, list, &printed);
}
