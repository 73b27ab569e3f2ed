/* ws2spi_lsp.h - fills in the catalog entries of a layered service provider (LSP).
 *
 * An LSP is installed as one hidden "dummy" entry, which gets it a catalog id, and then one chain
 * entry for each entry that it is layered over. The chain entries name that id; programs use them.
 * Ws2SpiMakeDummyEntry and Ws2SpiMakeChainEntry fill in both kinds from the entry below:
 *
 *   lower = an entry returned by WSCEnumProtocols
 *   Ws2SpiMakeDummyEntry(&lower, L"My LSP", &my_guid, XP1_IFS_HANDLES, &dummy);
 *   WSCInstallProvider(&my_guid, path, &dummy, 1, &error);
 *   dummy_id = dwCatalogEntryId of the entry with my_guid, from WSCEnumProtocols again
 *   Ws2SpiMakeChainEntry(&lower, L"My LSP", dummy_id, XP1_IFS_HANDLES, &chain);
 *   WSCInstallProvider(&my_other_guid, path, &chain, 1, &error);
 *
 * Rules of both functions
 *   Result      0, or the error code itself; then *entry is untouched. (They are not exported by
 *               ws2spi.dll and have no lpErrno.)
 *   Pointers    None may be NULL. Otherwise they are not checked, and must be good. `entry` may be
 *               the same as `lower`. Nothing is kept and nothing is allocated.
 *   Threads     Any thread may call at any time; they have no state.
 *   Library     None: they are inline and call nothing, so an installer for a real Windows can use
 *               them without ws2spi.dll.
 *
 * Names that start with ws2spi_lsp_ are private to this header.
 *
 * The header needs no other before it, and compiles as C11 and C++11.
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

/* Private. Appends at most `limit` characters of text to a name of `length` characters, cut to
 * WSAPROTOCOL_LEN, and returns the new length. The text needs no NUL within the limit. */
static inline int ws2spi_lsp_append_to_name(WCHAR *name, int length, const WCHAR *text, int limit)
{
  int i;

  for (i = 0; i < limit && text[i] != 0 && length < WSAPROTOCOL_LEN; i++)
    name[length++] = text[i];
  name[length] = 0;
  return length;
}

/* Private. Checks the arguments that both functions have: 0, WSAEFAULT or WSAEINVAL. */
static inline int ws2spi_lsp_check_arguments(const WSAPROTOCOL_INFOW *lower, const WCHAR *name,
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

/* Private. Returns a copy of `lower` without id, ProviderId, chain elements and name, and with the
 * layer's XP1_IFS_HANDLES. */
static inline WSAPROTOCOL_INFOW ws2spi_lsp_copy_for_layer(const WSAPROTOCOL_INFOW *lower,
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

/* Fills in the hidden entry of an LSP: chain length 0, socket type and protocol 0, PFL_HIDDEN set
 * and PFL_MATCHES_PROTOCOL_ZERO cleared. Install it first and alone, and read its catalog id with
 * WSCEnumProtocols.
 *   lower         Any entry that the LSP will be layered over. Family, version and addresses are
 *                 copied from it.
 *   name          The LSP's name, 1 to WSAPROTOCOL_LEN (255) characters.
 *   providerId    The LSP's well-known id, stored in the entry. Pass the same to
 *                 WSCInstallProvider, which stores its own argument.
 *   serviceFlags  XP1_IFS_HANDLES if the LSP hands out the handles of the layer below, 0 if it
 *                 makes its own with WPUCreateSocketHandle.
 *   entry         Receives the complete entry.
 *     WSAEFAULT     a NULL pointer
 *     WSAEINVAL     the name is empty or too long; a service flag other than XP1_IFS_HANDLES */
static inline int Ws2SpiMakeDummyEntry(const WSAPROTOCOL_INFOW *lower, const WCHAR *name,
                                       const GUID *providerId, DWORD serviceFlags,
                                       WSAPROTOCOL_INFOW *entry)
{
  const int error =
      providerId == NULL ? WSAEFAULT : ws2spi_lsp_check_arguments(lower, name, serviceFlags, entry);
  WSAPROTOCOL_INFOW made;

  if (error != 0)
    return error;
  made = ws2spi_lsp_copy_for_layer(lower, serviceFlags);
  made.ProviderId = *providerId;
  made.iSocketType = 0;
  made.iProtocol = 0;
  made.dwProviderFlags |= PFL_HIDDEN;
  made.dwProviderFlags &= ~(DWORD)PFL_MATCHES_PROTOCOL_ZERO;
  made.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  ws2spi_lsp_append_to_name(made.szProtocol, 0, name, WSAPROTOCOL_LEN);
  *entry = made;
  return 0;
}

/* Private. FALSE if the layer `dummyId` cannot be put over `lower`: an id is missing, `lower` is
 * neither a base protocol nor a chain, its chain is full, or the layer is in it already. */
static inline BOOL ws2spi_lsp_can_layer_over(const WSAPROTOCOL_INFOW *lower, DWORD dummyId)
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

/* Fills in a chain entry: the layer on top of `lower`. The new chain is that of `lower` moved back
 * by one, with dummyId first and the id of `lower` second, also if `lower` is a chain of
 * another LSP. All other members are those of `lower`. ProviderId is zero: give
 * WSCInstallProvider a new id for each chain entry (UuidCreate), or pass the entry to
 * Ws2SpiRegisterProvider as it is.
 *   lower         The entry to be layered over, as WSCEnumProtocols returned it: a base protocol
 *                 or a chain of at most 6 (MAX_PROTOCOL_CHAIN - 1) elements.
 *   name          The LSP's name, 1 to WSAPROTOCOL_LEN (255) characters. The entry is called
 *                 "<name> over [<name of lower>]", cut after 255 characters.
 *   dummyId       The catalog id of the installed dummy entry.
 *   serviceFlags  As for the dummy entry.
 *   entry         Receives the complete entry.
 *     WSAEFAULT     a NULL pointer
 *     WSAEINVAL     the name is empty or too long; a service flag other than XP1_IFS_HANDLES;
 *                   XP1_IFS_HANDLES over an entry without it (such a layer hands out the handles of
 *                   the layer below); dummyId or the id of `lower` is zero; `lower` is a dummy
 *                   entry, has a full chain, or contains this layer */
static inline int Ws2SpiMakeChainEntry(const WSAPROTOCOL_INFOW *lower, const WCHAR *name,
                                       DWORD dummyId, DWORD serviceFlags, WSAPROTOCOL_INFOW *entry)
{
  static const WCHAR over[] = {' ', 'o', 'v', 'e', 'r', ' ', '[', 0};
  static const WCHAR end[] = {']', 0};
  const int error = ws2spi_lsp_check_arguments(lower, name, serviceFlags, entry);
  WSAPROTOCOL_INFOW made;
  int i, length;

  if (error != 0)
    return error;
  if ((serviceFlags & ~lower->dwServiceFlags1) != 0 || !ws2spi_lsp_can_layer_over(lower, dummyId))
    return WSAEINVAL;
  made = ws2spi_lsp_copy_for_layer(lower, serviceFlags);
  made.ProtocolChain.ChainLen = lower->ProtocolChain.ChainLen + 1;
  made.ProtocolChain.ChainEntries[0] = dummyId;
  made.ProtocolChain.ChainEntries[1] = lower->dwCatalogEntryId;
  for (i = 2; i < made.ProtocolChain.ChainLen; i++)
    made.ProtocolChain.ChainEntries[i] = lower->ProtocolChain.ChainEntries[i - 1];
  length = ws2spi_lsp_append_to_name(made.szProtocol, 0, name, WSAPROTOCOL_LEN);
  length = ws2spi_lsp_append_to_name(made.szProtocol, length, over, WSAPROTOCOL_LEN);
  length = ws2spi_lsp_append_to_name(made.szProtocol, length, lower->szProtocol, WSAPROTOCOL_LEN);
  ws2spi_lsp_append_to_name(made.szProtocol, length, end, WSAPROTOCOL_LEN);
  *entry = made;
  return 0;
}

#ifdef __cplusplus
}
#endif

#endif
