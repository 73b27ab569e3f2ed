#include "fake_catalog.h"

#include <stdlib.h>
#include <wchar.h>

enum { MOST = 64 };

struct given {
  size_t count;
  WS2SPI_CATALOG_ENTRY entries[MOST];
  size_t problem_count;
  WS2SPI_CATALOG_PROBLEM problems[MOST];
};

static struct given given_32;
static struct given given_64;

void given_nothing(void)
{
  given_32 = (struct given){0};
  given_64 = (struct given){0};
}

void given_is_32(void)
{
  given_32 = given_64;
  given_64 = (struct given){0};
}

static WS2SPI_CATALOG_ENTRY *append(DWORD id, const WCHAR *name, int chain_length)
{
  WS2SPI_CATALOG_ENTRY *const entry = &given_64.entries[given_64.count];

  if (given_64.count == MOST)
    abort();
  given_64.count++;
  *entry = (WS2SPI_CATALOG_ENTRY){.dwSize = sizeof *entry};
  entry->ProtocolInfo.dwCatalogEntryId = id;
  entry->ProtocolInfo.iVersion = 2;
  entry->ProtocolInfo.ProtocolChain.ChainLen = chain_length;
  wcscpy(entry->ProtocolInfo.szProtocol, name);
  return entry;
}

WS2SPI_CATALOG_ENTRY *given_base(DWORD id, const WCHAR *name, int family, int type, int protocol)
{
  static const GUID tcpip = {
      0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x92}};
  WS2SPI_CATALOG_ENTRY *const entry = append(id, name, BASE_PROTOCOL);
  WSAPROTOCOL_INFOW *const info = &entry->ProtocolInfo;

  info->ProviderId = tcpip;
  info->dwServiceFlags1 = XP1_IFS_HANDLES;
  info->iAddressFamily = family;
  info->iSocketType = type;
  info->iProtocol = protocol;
  wcscpy(entry->szPath, L"%SystemRoot%\\system32\\mswsock.dll");
  return entry;
}

WS2SPI_CATALOG_ENTRY *given_dummy(DWORD id, const WCHAR *name)
{
  WS2SPI_CATALOG_ENTRY *const entry = append(id, name, LAYERED_PROTOCOL);

  entry->ProtocolInfo.ProviderId.Data1 = id;
  entry->ProtocolInfo.dwServiceFlags1 = XP1_IFS_HANDLES;
  entry->ProtocolInfo.iAddressFamily = AF_INET;
  wcscpy(entry->szPath, L"C:\\layer.dll");
  return entry;
}

WS2SPI_CATALOG_ENTRY *given_chain(DWORD id, const WCHAR *name, int length, const DWORD *elements)
{
  WS2SPI_CATALOG_ENTRY *const entry = append(id, name, length);
  WSAPROTOCOL_INFOW *const info = &entry->ProtocolInfo;

  info->ProviderId.Data1 = id;
  for (int i = 0; i < length && i < MAX_PROTOCOL_CHAIN; i++)
    info->ProtocolChain.ChainEntries[i] = elements[i];
  for (size_t i = 0; i < given_64.count; i++) {
    const WSAPROTOCOL_INFOW *const last = &given_64.entries[i].ProtocolInfo;

    if (last->dwCatalogEntryId == elements[length - 1]) {
      info->dwServiceFlags1 = last->dwServiceFlags1;
      info->iAddressFamily = last->iAddressFamily;
      info->iSocketType = last->iSocketType;
      info->iProtocol = last->iProtocol;
    }
  }
  wcscpy(entry->szPath, L"C:\\layer.dll");
  return entry;
}

void given_three_bases(void)
{
  given_base(1001, L"TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  given_base(1002, L"UDP", AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  given_base(1003, L"RAW", AF_INET, SOCK_RAW, 0);
}

void given_problem(DWORD position, DWORD id, const char *reason)
{
  given_64.problems[given_64.problem_count++] =
      (WS2SPI_CATALOG_PROBLEM){.dwSize = sizeof(WS2SPI_CATALOG_PROBLEM),
                               .dwPosition = position,
                               .dwCatalogEntryId = id,
                               .lpszReason = reason};
}

static void *copy(const void *from, size_t size)
{
  void *const to = malloc(size + 1);

  return to != NULL ? memcpy(to, from, size) : NULL;
}

enum exit_code listing_read(struct listing *listing, DWORD width)
{
  const struct given *const given = width == WS2SPI_WIDTH_32 ? &given_32 : &given_64;

  *listing = (struct listing){.width = width};
  listing->count = given->count;
  listing->entries = copy(given->entries, given->count * sizeof given->entries[0]);
  listing->problem_count = given->problem_count;
  listing->problems = copy(given->problems, given->problem_count * sizeof given->problems[0]);
  return listing_index(listing) ? EXIT_DONE : EXIT_FAILED;
}
