/* ws2spi_lsp.h - the catalog entries of a layered service provider (LSP).
 *
 * An LSP is installed as one hidden "dummy" entry, which gets it a catalog id, and then one
 * chain entry for each entry that it is layered over, which names that id and is what
 * programs use. These functions fill in both kinds of WSAPROTOCOL_INFOW from the entry below:
 *
 *   lower = an entry that WSCEnumProtocols gave
 *   Ws2SpiMakeDummyEntry(&lower, L"My LSP", &my_guid, XP1_IFS_HANDLES, &dummy);
 *   WSCInstallProvider(&my_guid, path, &dummy, 1, &error);
 *   dummy_id = dwCatalogEntryId of the entry with my_guid, by WSCEnumProtocols again
 *   Ws2SpiMakeChainEntry(&lower, L"My LSP", dummy_id, XP1_IFS_HANDLES, &chain);
 *   WSCInstallProvider(&my_other_guid, path, &chain, 1, &error);
 *
 * They are inline and call nothing, so that an installer for a real Windows can use them
 * without ws2spi.dll. They keep no state: any thread may call them at any time. Pointers
 * are not checked beyond NULL.
 *
 * The header needs no other before it, and compiles as C11 and C++.
 *
 * Sources: WinSock/layered-protocols-and-protocol-chains-2, winsock2/ns-winsock2-wsaprotocol_infow,
 * winsock2/ns-winsock2-wsaprotocolchain, and the installer of Microsoft's LSP sample
 * (Windows-classic-samples, Win7Samples/netds/winsock/lsp).
 */
#ifndef WS2SPI_LSP_H
#define WS2SPI_LSP_H

#include <winsock2.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Appends text to a name of `length` characters, as much as fits with a NUL after it; the
 * new length. Reads at most `limit` characters of text, which need not end. */
static inline int Ws2SpiAppendToName(WCHAR *name, int length, const WCHAR *text, int limit)
{
  int i;

  for (i = 0; i < limit && text[i] != 0 && length < WSAPROTOCOL_LEN; i++)
    name[length++] = text[i];
  name[length] = 0;
  return length;
}

/* 0, WSAEFAULT or WSAEINVAL: what both kinds of entry ask of their arguments. */
static inline int Ws2SpiCheckEntryArguments(const WSAPROTOCOL_INFOW *lower, const WCHAR *name,
                                            DWORD serviceFlags, const WSAPROTOCOL_INFOW *entry)
{
  int length = 0;

  if (lower == NULL || name == NULL || entry == NULL)
    return WSAEFAULT;
  while (length <= WSAPROTOCOL_LEN && name[length] != 0)
    length++;
  if (length == 0 || length > WSAPROTOCOL_LEN)
    return WSAEINVAL;
  return (serviceFlags & ~(DWORD)XP1_IFS_HANDLES) == 0 ? 0 : WSAEINVAL;
}

/* A copy of `lower` that names nothing yet: no id, no provider, no chain, and of the
 * service flags XP1_IFS_HANDLES as the layer has it. */
static inline WSAPROTOCOL_INFOW Ws2SpiCopyForLayer(const WSAPROTOCOL_INFOW *lower,
                                                   DWORD serviceFlags)
{
  static const GUID none = {0, 0, 0, {0, 0, 0, 0, 0, 0, 0, 0}};
  WSAPROTOCOL_INFOW made = *lower;
  int i;

  made.dwServiceFlags1 = (made.dwServiceFlags1 & ~(DWORD)XP1_IFS_HANDLES) | serviceFlags;
  made.ProviderId = none;
  made.dwCatalogEntryId = 0;
  for (i = 0; i < MAX_PROTOCOL_CHAIN; i++)
    made.ProtocolChain.ChainEntries[i] = 0;
  for (i = 0; i <= WSAPROTOCOL_LEN; i++)
    made.szProtocol[i] = 0;
  return made;
}

/* Fills in the hidden entry of an LSP: chain length 0, socket type and protocol 0,
 * PFL_HIDDEN set and PFL_MATCHES_PROTOCOL_ZERO cleared. Install it first and alone, and
 * learn its catalog id by WSCEnumProtocols.
 *   lower         Any entry that the LSP will be layered over; family, version and
 *                 addresses are taken from it.
 *   name          Of the LSP, 1 to WSAPROTOCOL_LEN (255) characters.
 *   providerId    The LSP's own well-known id, stored in the entry. WSCInstallProvider
 *                 stores the id that it is given, so give it the same.
 *   serviceFlags  XP1_IFS_HANDLES if the LSP hands out the handles of the layer below,
 *                 0 if it makes its own with WPUCreateSocketHandle.
 *   entry         Receives the entry, whole. It may be the same as `lower`.
 *   0, or an error, and then *entry is untouched:
 *     WSAEFAULT     a NULL pointer
 *     WSAEINVAL     the name is empty or too long, or another service flag is set */
static inline int Ws2SpiMakeDummyEntry(const WSAPROTOCOL_INFOW *lower, const WCHAR *name,
                                       const GUID *providerId, DWORD serviceFlags,
                                       WSAPROTOCOL_INFOW *entry)
{
  const int error =
      providerId == NULL ? WSAEFAULT : Ws2SpiCheckEntryArguments(lower, name, serviceFlags, entry);
  WSAPROTOCOL_INFOW made;

  if (error != 0)
    return error;
  made = Ws2SpiCopyForLayer(lower, serviceFlags);
  made.ProviderId = *providerId;
  made.iSocketType = 0;
  made.iProtocol = 0;
  made.dwProviderFlags |= PFL_HIDDEN;
  made.dwProviderFlags &= ~(DWORD)PFL_MATCHES_PROTOCOL_ZERO;
  made.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  Ws2SpiAppendToName(made.szProtocol, 0, name, WSAPROTOCOL_LEN);
  *entry = made;
  return 0;
}

/* FALSE if `lower` cannot be layered over by the layer dummyId: it has no catalog id, is
 * no base protocol or chain, its chain is full, or the layer is in it already. */
static inline BOOL Ws2SpiCanLayerOver(const WSAPROTOCOL_INFOW *lower, DWORD dummyId)
{
  const WSAPROTOCOLCHAIN *chain = &lower->ProtocolChain;
  int i;

  if (dummyId == 0 || lower->dwCatalogEntryId == 0 || lower->dwCatalogEntryId == dummyId)
    return FALSE;
  if (chain->ChainLen < BASE_PROTOCOL || chain->ChainLen >= MAX_PROTOCOL_CHAIN)
    return FALSE;
  /* A base protocol's own ChainEntries need not be filled. */
  for (i = 0; chain->ChainLen > BASE_PROTOCOL && i < chain->ChainLen; i++) {
    if (chain->ChainEntries[i] == dummyId)
      return FALSE;
  }
  return TRUE;
}

/* Fills in a chain entry: the layer on top of `lower`. The chain is that of `lower` shifted
 * by one, with dummyId in front and, in the second place, the id of `lower` itself, also
 * where `lower` is a chain of another LSP. Everything else is as in `lower`. ProviderId is
 * zero: give WSCInstallProvider a fresh id for each chain entry (UuidCreate), or
 * Ws2SpiRegisterProvider the entry as it is.
 *   lower         The entry to be layered over, as WSCEnumProtocols gave it: a base
 *                 protocol, or a chain of at most 6 (MAX_PROTOCOL_CHAIN - 1) parts.
 *   name          Of the LSP, 1 to WSAPROTOCOL_LEN (255) characters. The entry is called
 *                 "<name> over [<lower's name>]", cut after 255 characters.
 *   dummyId       The catalog id that the installed dummy entry got.
 *   serviceFlags  As for the dummy entry.
 *   entry         Receives the entry, whole. It may be the same as `lower`.
 *   0, or an error, and then *entry is untouched:
 *     WSAEFAULT     a NULL pointer
 *     WSAEINVAL     the name is empty or too long; another service flag is set;
 *                   XP1_IFS_HANDLES over an entry without it (an IFS layer hands out the
 *                   handles of the layer below); dummyId or the id of `lower` is zero;
 *                   `lower` is a dummy entry, has a full chain, or has this layer in it */
static inline int Ws2SpiMakeChainEntry(const WSAPROTOCOL_INFOW *lower, const WCHAR *name,
                                       DWORD dummyId, DWORD serviceFlags, WSAPROTOCOL_INFOW *entry)
{
  static const WCHAR over[] = {' ', 'o', 'v', 'e', 'r', ' ', '[', 0};
  static const WCHAR end[] = {']', 0};
  const int error = Ws2SpiCheckEntryArguments(lower, name, serviceFlags, entry);
  WSAPROTOCOL_INFOW made;
  int i, length;

  if (error != 0)
    return error;
  if ((serviceFlags & ~lower->dwServiceFlags1) != 0 || !Ws2SpiCanLayerOver(lower, dummyId))
    return WSAEINVAL;
  made = Ws2SpiCopyForLayer(lower, serviceFlags);
  made.ProtocolChain.ChainLen = lower->ProtocolChain.ChainLen + 1;
  made.ProtocolChain.ChainEntries[0] = dummyId;
  made.ProtocolChain.ChainEntries[1] = lower->dwCatalogEntryId;
  for (i = 2; i < made.ProtocolChain.ChainLen; i++)
    made.ProtocolChain.ChainEntries[i] = lower->ProtocolChain.ChainEntries[i - 1];
  length = Ws2SpiAppendToName(made.szProtocol, 0, name, WSAPROTOCOL_LEN);
  length = Ws2SpiAppendToName(made.szProtocol, length, over, WSAPROTOCOL_LEN);
  length = Ws2SpiAppendToName(made.szProtocol, length, lower->szProtocol, WSAPROTOCOL_LEN);
  Ws2SpiAppendToName(made.szProtocol, length, end, WSAPROTOCOL_LEN);
  *entry = made;
  return 0;
}

#ifdef __cplusplus
}
#endif

#endif
