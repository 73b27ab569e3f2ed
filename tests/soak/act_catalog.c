/* The catalog: each thread installs and deinstalls a provider of its own and reads entries that all
 * other threads change. */
#include "soak/soak.h"

#include <wchar.h>

enum { BASE_ENTRIES = 6 };

int catalog_protocol(const struct soak_slot *slot)
{
  return (int)(100 + slot->index);
}

static void install(struct soak_slot *slot)
{
  LPWSAPROTOCOL_INFOW info = soak_scratch(slot, sizeof *info);
  int error = 0;

  ZeroMemory(info, sizeof *info);
  info->ProtocolChain.ChainLen = BASE_PROTOCOL;
  info->iAddressFamily = AF_INET;
  info->iSocketType = SOCK_SEQPACKET;
  info->iProtocol = catalog_protocol(slot);
  wcscpy(info->szProtocol, L"installed by the soak");
  if (dll.WSCInstallProvider(&slot->provider_id, world.lsp_path, info, 1, &error) != 0)
    ledger_mistake(slot->index, "an installation failed", error);
  else
    slot->is_installed = TRUE;
  ledger_count(INSTALLS);
}

static void deinstall(struct soak_slot *slot)
{
  int error = 0;

  if (dll.WSCDeinstallProvider(&slot->provider_id, &error) != 0)
    ledger_mistake(slot->index, "a deinstallation failed", error);
  slot->is_installed = FALSE;
  ledger_count(DEINSTALLS);
}

void catalog_clean_up(struct soak_slot *slot)
{
  if (slot->is_installed)
    deinstall(slot);
}

/* Others add entries between the call that returns the length and the next one, so several calls
 * may be needed. */
static void enumerate(struct soak_slot *slot)
{
  LPDWORD length = (LPDWORD)slot->scratch;
  LPWSAPROTOCOL_INFOW entries = NULL;
  int error = WSAENOBUFS;
  int count = SOCKET_ERROR;

  ledger_count(ENUMERATIONS);
  *length = 0;
  dll.WSCEnumProtocols(NULL, NULL, length, &error);
  for (unsigned i = 0; i < 100 && count == SOCKET_ERROR && error == WSAENOBUFS; i++) {
    if (*length > SCRATCH - 16)
      break;
    entries = soak_scratch(slot, *length);
    count = dll.WSCEnumProtocols(NULL, entries, length, &error);
  }
  if (count < BASE_ENTRIES)
    ledger_mistake(slot->index, "an enumeration failed", error);
  for (int i = 0; i < count; i++) {
    if (entries[i].dwCatalogEntryId == 0 || entries[i].szProtocol[0] == L'\0')
      ledger_mistake(slot->index, "an entry that no slot installed", i);
  }
}

static void look_up(struct soak_slot *slot)
{
  LPWSAPROTOCOL_INFOW info = soak_scratch(slot, sizeof *info);
  WCHAR path[MAX_PATH];
  int length = MAX_PATH;
  int error = 0;

  ledger_count(LOOK_UPS);
  if (dll.Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, IPPROTO_TCP, info,
                               &error) != 0 ||
      info->dwCatalogEntryId != TCP_ENTRY)
    ledger_mistake(slot->index, "a wrong entry for TCP", error);
  if (dll.WSCGetProviderPath(&slot->provider_id, path, &length, &error) != 0) {
    if (slot->is_installed)
      ledger_mistake(slot->index, "no path of an installed provider", error);
  } else if (!slot->is_installed) {
    ledger_mistake(slot->index, "a path of a removed provider", 0);
  }
}

void act_catalog(struct soak_slot *slot)
{
  switch (soak_random(slot, 4)) {
  case 0:
    if (slot->is_installed)
      deinstall(slot);
    else
      install(slot);
    break;
  case 1:
    enumerate(slot);
    break;
  default:
    look_up(slot);
    break;
  }
}
