/* Providers that are registered, started, stopped and unregistered, the base provider included, and
 * Winsock's start and clean-up. */
#include "soak/lsp_exports.h"
#include "soak/soak.h"

#include <string.h>
#include <wchar.h>

static int WSPAPI clean_up(LPINT error)
{
  ledger_count(CLEANUPS_SEEN);
  *error = 0;
  return 0;
}

/* Called for an operation that was queried for this entry while another thread had the provider
 * started. */
static int WSPAPI accept_cancel(LPINT error)
{
  ledger_count(CANCELS_AT_A_PROVIDER);
  *error = 0;
  return 0;
}

/* Stands in for procedures that are never called. */
static void never_called(void)
{
  ledger_mistake(SOAK_THREADS, "a procedure was called that is never called", 0);
}

/* A table of as many pointers as there are procedures, two of them real. */
static int WSPAPI start_up(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                           WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  void (*const other)(void) = never_called;

  (void)info;
  (void)upcalls;
  ledger_count(STARTUPS_SEEN);
  data->wVersion = version;
  data->wHighVersion = version;
  for (size_t at = 0; at < sizeof *table; at += sizeof other)
    memcpy((char *)table + at, &other, sizeof other);
  table->lpWSPCleanup = clean_up;
  table->lpWSPCancelBlockingCall = accept_cancel;
  return 0;
}

__declspec(dllexport) int soak_lsp_start_up(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                                            const WSPUPCALLTABLE *upcalls, LPWSPPROC_TABLE table)
{
  return start_up(version, data, info, *upcalls, table);
}

__declspec(dllexport) void soak_lsp_counts(BOOL comes)
{
  ledger_count(comes ? DLL_LOADS : DLL_UNLOADS);
}

DWORD providers_register(struct soak_slot *slot, DWORD flags)
{
  LPWSAPROTOCOL_INFOW info = soak_scratch(slot, sizeof *info);
  DWORD id = 0;
  int error = 0;

  ZeroMemory(info, sizeof *info);
  info->dwServiceFlags1 = flags;
  info->ProtocolChain.ChainLen = BASE_PROTOCOL;
  info->iVersion = 2;
  info->iAddressFamily = AF_INET;
  info->iSocketType = SOCK_RDM;
  info->iProtocol = (int)(1000 + slot->index);
  wcscpy(info->szProtocol, L"registered by the soak");
  if (dll.Ws2SpiRegisterProvider(info, start_up, &id, &error) != 0)
    ledger_mistake(slot->index, "a registration failed", error);
  ledger_count(REGISTRATIONS);
  return id;
}

BOOL providers_start(struct soak_slot *slot, DWORD id)
{
  LPWSPPROC_TABLE table = soak_scratch(slot, sizeof *table);
  int error = 0;

  ledger_count(STARTS);
  if (dll.Ws2SpiStartProvider(id, table, &error) == 0 && table->lpWSPCleanup != NULL)
    return TRUE;
  ledger_mistake(slot->index, "a provider did not start", error);
  return FALSE;
}

void providers_stop(struct soak_slot *slot, DWORD id)
{
  int error = 0;

  ledger_count(STOPS);
  if (dll.Ws2SpiStopProvider(id, &error) != 0)
    ledger_mistake(slot->index, "a provider did not stop", error);
}

static void start_and_stop(struct soak_slot *slot, DWORD id)
{
  if (providers_start(slot, id))
    providers_stop(slot, id);
}

static void one_of_its_own(struct soak_slot *slot)
{
  const DWORD id = providers_register(slot, XP1_IFS_HANDLES);
  int error = 0;

  start_and_stop(slot, id);
  if (dll.Ws2SpiUnregisterProvider(id, &error) != 0)
    ledger_mistake(slot->index, "a provider could not be unregistered", error);
  ledger_count(UNREGISTRATIONS);
}

/* The slot's own provider, if it is installed. Its DLL is loaded, unless other threads have loaded
 * it already. */
static void one_from_disk(struct soak_slot *slot)
{
  LPWSAPROTOCOL_INFOW info = soak_scratch(slot, sizeof *info);
  int error = 0;

  if (!slot->is_installed)
    return;
  if (dll.Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_SEQPACKET, catalog_protocol(slot),
                               info, &error) != 0)
    ledger_mistake(slot->index, "no entry of an installed provider", error);
  else
    start_and_stop(slot, info->dwCatalogEntryId);
}

void act_providers(struct soak_slot *slot)
{
  switch (soak_random(slot, 4)) {
  case 0:
    start_and_stop(slot, UDP_ENTRY);
    break;
  case 1:
    start_and_stop(slot, world.handle_entry);
    break;
  case 2:
    one_from_disk(slot);
    break;
  default:
    one_of_its_own(slot);
    break;
  }
}

static void start_winsock(struct soak_slot *slot)
{
  LPWSADATA data = soak_scratch(slot, sizeof *data);
  const int error = dll.WSAStartup(MAKEWORD(1, 1), data);

  if (error != 0)
    ledger_mistake(slot->index, "Winsock did not start", error);
}

static void clean_up_winsock(struct soak_slot *slot)
{
  if (dll.WSACleanup() != 0)
    ledger_mistake(slot->index, "Winsock was not cleaned up", WSAGetLastError());
}

/* One thread at a time, because Wine 8.0 counts starts without a lock: when two calls meet in its
 * ws2_32, one may not count. After 64 threads had made 20,000 pairs each, 911 to 1,001 of 1,000
 * starts were left. Then the last clean-up fails. */
static void do_alone(void (*act)(struct soak_slot *slot), struct soak_slot *slot)
{
  static SRWLOCK lock = SRWLOCK_INIT;

  AcquireSRWLockExclusive(&lock);
  act(slot);
  ReleaseSRWLockExclusive(&lock);
}

void act_winsock_start(struct soak_slot *slot)
{
  ledger_count(WINSOCK_STARTS);
  do_alone(start_winsock, slot);
  do_alone(clean_up_winsock, slot);
}
