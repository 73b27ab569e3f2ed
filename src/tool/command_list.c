#include "tool/commands.h"

#include "platform/guid_text.h"
#include "tool/listing.h"
#include "tool/output.h"

/* A label is padded to 36 characters: scripts that read netsh's output rely on it. */
static void list_print_text(const char *label, const char *value)
{
  print("%-36s%s\n", label, value);
}

static void list_print_number(const char *label, int value)
{
  print("%-36s%d\n", label, value);
}

static const char *list_entry_type(const WSAPROTOCOL_INFOW *info)
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

static void list_print_chain(const WS2SPI_CATALOG_ENTRY *entry)
{
  const int length = entry_chain_length(entry);

  if (length == 0)
    return;
  print("%-36s", "Protocol Chain:");
  for (int i = 0; i < length; i++)
    print("%s%lu", i == 0 ? "" : " : ", entry->ProtocolInfo.ProtocolChain.ChainEntries[i]);
  print("\n");
}

static void list_print_entry(const WS2SPI_CATALOG_ENTRY *entry, const char *mark)
{
  const WSAPROTOCOL_INFOW *const info = &entry->ProtocolInfo;

  print("Winsock Catalog Provider Entry\n"
        "------------------------------------------------------\n");
  print("%-36s%s%s\n", "Entry Type:", list_entry_type(info), mark);
  list_print_text("Description:", utf8_from_wide(info->szProtocol).text);
  list_print_text("Provider ID:", guid_to_text(&info->ProviderId).text);
  list_print_text("Provider Path:", utf8_from_wide(entry->szPath).text);
  print("%-36s%lu\n", "Catalog Entry ID:", info->dwCatalogEntryId);
  list_print_number("Version:", info->iVersion);
  list_print_number("Address Family:", info->iAddressFamily);
  list_print_number("Max Address Length:", info->iMaxSockAddr);
  list_print_number("Min Address Length:", info->iMinSockAddr);
  list_print_number("Socket Type:", info->iSocketType);
  list_print_number("Protocol:", info->iProtocol);
  print("%-36s0x%lx\n", "Service Flags:", info->dwServiceFlags1);
  list_print_number("Protocol Chain Length:", info->ProtocolChain.ChainLen);
  list_print_chain(entry);
}

/* On a 64-bit system netsh marks the entries of the 32-bit catalog. */
static const char *list_mark(DWORD width)
{
  return width == WS2SPI_WIDTH_32 && system_widths() == WS2SPI_WIDTH_BOTH ? " (32)" : "";
}

static enum exit_code list_catalog(DWORD width, void *printed_before)
{
  BOOL *const printed = printed_before;
  struct listing listing;

  if (listing_read(&listing, width) != EXIT_DONE)
    return EXIT_FAILED;
  for (size_t i = 0; i < listing.count; i++) {
    if (*printed)
      print("\n");
    list_print_entry(&listing.entries[i], list_mark(width));
    *printed = TRUE;
  }
  if (listing.problem_count > 0)
    print_diagnostic("the %d-bit catalog has unusable entries or other problems (%zu); see ws2spi "
                     "catalog check",
                     width_bits(width), listing.problem_count);
  listing_free(&listing);
  return EXIT_DONE;
}

enum exit_code command_list(const struct command_line *line)
{
  BOOL printed = FALSE;

  return for_each_width(line, WS2SPI_WIDTH_BOTH, list_catalog, &printed);
}
