/* ws2spi_shim.h - the functions of ws2spi.dll that no Windows header declares.
 *
 * ws2spi.dll implements the Ws2_32 half of the Winsock 2 Service Provider Interface (SPI): it
 * keeps the catalog, loads providers and gives them their upcalls. It also exports the WPU and
 * WSC functions and the blocking hooks of Winsock 1.1. The Windows headers declare these, and
 * CONFORMANCE.md (installed in share/doc/ws2spi) says how they behave here.
 *
 * Link -lws2spi before -lws2_32, because both import libraries define some of the same names. To
 * load ws2spi.dll at run time, use the LPFN_ types at the end of this header.
 *
 * The header needs no other before it, and compiles as C11 and C++11.
 *
 * Sources are named as in MicrosoftDocs: ws2spi/<page>, winsock2/<page>, WinSock/<page>,
 * sporder/<page>. A function that names no source is an addition of ws2spi.
 *
 * Rules of every function, unless it says otherwise
 *   Result      0 is success and SOCKET_ERROR is failure.
 *   lpErrno     Receives 0 on success and the error code on failure. If it cannot be written, the
 *               call fails, stores no code and changes nothing.
 *   Pointers    NULL, unmapped and read-only memory and guard pages are WSAEFAULT, never an
 *               exception. (The check of a guard page clears its guard bit.)
 *   Failure     The call has changed nothing.
 *   Ownership   Input is copied before the call returns; the caller frees nothing.
 *   Threads     Any thread may call at any time, also inside a blocking hook or a provider's
 *               procedure. No function may be called from DllMain.
 *   Last error  Has no meaning after a call.
 *   Log         If WS2SPI_LOG is stderr or a path when ws2spi.dll is first called, each refused
 *               call and each failed start is one line there that names the cause.
 */
#ifndef WS2SPI_SHIM_H
#define WS2SPI_SHIM_H

#include <winsock2.h>
#include <ws2spi.h>
#include "ws2spi_sdk_gaps.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header. That of the DLL is in its version resource. The build takes its
 * version from here. */
#define WS2SPI_VERSION_MAJOR  0
#define WS2SPI_VERSION_MINOR  2
#define WS2SPI_VERSION_PATCH  0
#define WS2SPI_VERSION_STRING "0.2.0-dev"
#define WS2SPI_VERSION                                                                             \
  (WS2SPI_VERSION_MAJOR << 16 | WS2SPI_VERSION_MINOR << 8 | WS2SPI_VERSION_PATCH)

/* --- upcalls ---------------------------------------------------------------------------------- */
/* Copies ws2spi.dll's upcall table, for a WSPStartup that the caller calls itself. All fifteen
 * entries are set, equal in every copy, and valid while ws2spi.dll is loaded.
 * Source: ws2spi/ns-ws2spi-wspupcalltable
 *     WSAEFAULT               lpUpcallTable is not writable */
int WSPAPI Ws2SpiGetUpcallTable(LPWSPUPCALLTABLE lpUpcallTable, LPINT lpErrno);

/* Sets the table that the WPU functions called by name use, in the whole process. An LSP that may
 * also run under a real Ws2_32 calls it in WSPStartup with the table that it received there.
 *   lpUpcallTable         Copied; the copy lasts until ws2spi.dll is unloaded. NULL returns to
 *                         ws2spi.dll's own table. That table itself changes nothing, not even
 *                         a table set before, so the call is right under both.
 * Two functions do not use the table: WPUQueryBlockingCallback on a thread whose hook was set
 * through ws2spi.dll, and WPUCompleteOverlappedRequest, which is in no table. A WPU call made by
 * another thread at the same time uses the old or the new table.
 *     WSAEFAULT               lpUpcallTable is neither NULL nor readable
 *     WSAEINVAL               an entry of the table is NULL
 *     WSA_NOT_ENOUGH_MEMORY   no memory for the copy */
int WSPAPI Ws2SpiSetUpcallTable(const WSPUPCALLTABLE *lpUpcallTable, LPINT lpErrno);

/* --- providers -------------------------------------------------------------------------------- */
/* Registered entries have ids in this range. No stored entry has, so these ids never mean an entry
 * of another process. Entries installed as chains over a registered one get such ids, too. */
#define WS2SPI_FIRST_REGISTERED_ID 0x40000001
#define WS2SPI_LAST_REGISTERED_ID  0x7FFFFFFF

/* Adds a catalog entry whose provider is a function of this program instead of a DLL: a fake base
 * provider, or a layer that is compiled into a test. The entry exists in this process only. It
 * comes after the entries of the open catalog and stays until it is unregistered.
 *   lpProtocolInfo        dwCatalogEntryId is ignored. A ProviderId of zeros is replaced by a new
 *                         one. ProtocolChain follows the rules of WSCInstallProvider.
 *   lpfnStartup           Called as WSPStartup when the provider starts. It must stay callable
 *                         until the entry is unregistered and the provider is stopped. The path of
 *                         the entry is ws2spi.dll's own: the WSPStartup exported there calls
 *                         lpfnStartup for this entry and for chains that contain it, so that a
 *                         layer from a DLL can be installed over it. As the last element of
 *                         a chain it receives its own entry, else the chain.
 *   lpdwCatalogEntryId    Receives the id, which this process never uses again.
 *     WSAEFAULT               a bad pointer; lpfnStartup is not executable
 *     WSAEINVAL               the entry breaks a rule of WSCInstallProvider
 *     WSANO_RECOVERY          the ProviderId is in use, or being installed by this process; no new
 *                             ProviderId or entry id can be made; the catalog cannot be read
 *     WSASYSCALLFAILURE       the catalog cannot be read
 *     WSA_NOT_ENOUGH_MEMORY   no memory for the entry */
int WSPAPI Ws2SpiRegisterProvider(const WSAPROTOCOL_INFOW *lpProtocolInfo, LPWSPSTARTUP lpfnStartup,
                                  LPDWORD lpdwCatalogEntryId, LPINT lpErrno);

/* Removes an entry made by Ws2SpiRegisterProvider. Its provider, if started, stays started until
 * Ws2SpiStopProvider is called with the same id.
 *     WSAEINVAL               no registered entry has this id */
int WSPAPI Ws2SpiUnregisterProvider(DWORD dwCatalogEntryId, LPINT lpErrno);

/* Starts the provider of an entry, as Ws2_32 does for the first socket of the entry: loads the DLL
 * by the entry's path (environment strings are expanded; the path must be absolute), calls
 * WSPStartup for version 2.2 and checks the results. A provider is started once per ProviderId and
 * process, and counted: each success needs one Ws2SpiStopProvider with the same id.
 *   lpProcTable           Receives a copy of the procedure table, valid until the matching stop.
 *                         Untouched on failure.
 * If another thread is starting or stopping the provider, the call waits for the outcome. Two
 * providers that start each other from two threads wait for ever. No lock is held while a provider
 * runs. An LSP that the categories of this application exclude is not started; a chain is excluded
 * with any of its layers. Base and registered providers are never excluded.
 * Source: ws2spi/nf-ws2spi-wspstartup, and for categories
 * WinSock/categorizing-layered-service-providers-and-applications
 *     WSAEFAULT               lpProcTable is not writable
 *     WSAEINVAL               no such entry; the catalog cannot be read
 *     WSAEINPROGRESS          called from a hook; this thread is starting or stopping the provider
 *     WSAEPROVIDERFAILEDINIT  the DLL cannot be loaded or has no WSPStartup; WSPStartup failed; the
 *                             categories exclude the provider
 *     WSAEINVALIDPROVIDER     WSPStartup returned another version than 2.2
 *     WSAEINVALIDPROCTABLE    an entry of the procedure table is NULL
 *     WSA_NOT_ENOUGH_MEMORY   no memory to start it */
int WSPAPI Ws2SpiStartProvider(DWORD dwCatalogEntryId, LPWSPPROC_TABLE lpProcTable, LPINT lpErrno);

/* Undoes one start made with this id, also if the entry is no longer in the catalog. The last stop
 * calls WSPCleanup, and unloads the DLL when no call that ws2spi.dll makes into it is in progress.
 * Source: ws2spi/nc-ws2spi-lpwspcleanup
 *     WSAEINVAL               no start with this id is left to undo
 *     WSAEINPROGRESS          called from a hook; this thread is starting or stopping the provider
 *     WSASYSCALLFAILURE       WSPCleanup failed without a code; the provider stays started
 *     another code            WSPCleanup failed with it; the provider stays started */
int WSPAPI Ws2SpiStopProvider(DWORD dwCatalogEntryId, LPINT lpErrno);

/* Cancels the current blocking operation of a thread: for watchdogs, time-outs and tests. A call
 * that waits in the base provider ends with WSAEINTR, with or without a hook. Another provider
 * learns of the cancel from its next blocking callback; its WSPCancelBlockingCall is not called,
 * because that acts on the calling thread. An operation that completes first keeps its result, and
 * a later operation of the thread is never cancelled.
 *   dwThreadId            As GetThreadId and CreateThread return it.
 * Source: ws2spi/nc-ws2spi-lpwspcancelblockingcall
 *     WSAEINVAL               no such thread, or it has no blocking operation. (A second cancel of
 *                             one operation succeeds.) */
int WSPAPI Ws2SpiCancelBlockingCall(DWORD dwThreadId, LPINT lpErrno);

/* --- the catalog ------------------------------------------------------------------------------
 * A 64-bit machine has two catalogs, one for 32-bit and one for 64-bit processes. Every process
 * reaches both: dwWidth is WS2SPI_WIDTH_32 or WS2SPI_WIDTH_64. Functions whose description names
 * WS2SPI_WIDTH_BOTH accept that too, and then change both catalogs in one step, or none.
 *
 * "The catalog cannot be changed" in a list of errors means: this process has no right to write it,
 * it is the system's, or another writer has held it for 60 seconds. */
#define WS2SPI_WIDTH_32   0x1
#define WS2SPI_WIDTH_64   0x2
#define WS2SPI_WIDTH_BOTH (WS2SPI_WIDTH_32 | WS2SPI_WIDTH_64)
#ifdef _WIN64
#define WS2SPI_WIDTH_NATIVE WS2SPI_WIDTH_64
#else
#define WS2SPI_WIDTH_NATIVE WS2SPI_WIDTH_32
#endif

/* Where the catalog is stored. */
#define WS2SPI_CATALOG_DEFAULT  0 /* as the environment says: see Ws2SpiOpenCatalog */
#define WS2SPI_CATALOG_MEMORY   1 /* in this process, while ws2spi.dll is loaded */
#define WS2SPI_CATALOG_REGISTRY 2 /* in Windows' own registry key, which Wine does not use */
#define WS2SPI_CATALOG_SYSTEM   3 /* by the system's ws2_32; ws2spi.dll only reads it */

/* Opens a catalog for the whole process, in place of the one that is open. Without a call the
 * first need opens the default: the one that WS2SPI_CATALOG=memory, registry or system names in the
 * environment, else the registry's under Wine and the system's on Windows. (Another word is logged
 * and means memory.) Started providers stay started, and stop by the ids they were started with.
 * Entries of the previous catalog are no longer found; registered entries are. The memory catalog
 * keeps its content. Opening the same catalog again reads the categories of the application again.
 *   dwStore               One of WS2SPI_CATALOG_...
 *     WSAEINVAL               no such constant
 *     WSANO_RECOVERY          the catalog cannot be read
 *     WSASYSCALLFAILURE       the registry failed
 *     WSA_NOT_ENOUGH_MEMORY   no memory for its entries */
int WSPAPI Ws2SpiOpenCatalog(DWORD dwStore, LPINT lpErrno);

/* An entry as it is stored. Later versions may add members at the end; dwSize tells which. */
#define WS2SPI_MAX_PATH 260 /* characters, with the NUL: MAX_PATH */
typedef struct _WS2SPI_CATALOG_ENTRY {
  DWORD dwSize; /* sizeof(WS2SPI_CATALOG_ENTRY) */
  WSAPROTOCOL_INFOW ProtocolInfo;
  WCHAR szPath[WS2SPI_MAX_PATH]; /* as stored: not expanded; of a base entry without effect */
} WS2SPI_CATALOG_ENTRY, *LPWS2SPI_CATALOG_ENTRY;

/* Returns the number of usable stored entries and stores them in catalog order. Registered entries
 * are not among them.
 *   lpBuffer              An array. The caller sets dwSize in its first element to the size of the
 *                         structure it was compiled with; each stored element has that size and
 *                         dwSize set. NULL: only the length is wanted.
 *   lpdwBufferLength      In: bytes of lpBuffer. Out: bytes that the entries need, on success and
 *                         after WSAENOBUFS. Without a buffer, ws2spi.dll's own structure counts.
 *     WSAEFAULT               lpBuffer is neither NULL nor writable; a bad lpdwBufferLength
 *     WSAEINVAL               no such width; dwSize is not set, or not known to this ws2spi.dll
 *     WSAENOBUFS              lpBuffer is NULL or too short
 *     WSANO_RECOVERY          the catalog cannot be read
 *     WSA_NOT_ENOUGH_MEMORY   no memory to read it */
int WSPAPI Ws2SpiEnumCatalog(DWORD dwWidth, LPWS2SPI_CATALOG_ENTRY lpBuffer,
                             LPDWORD lpdwBufferLength, LPINT lpErrno);

/* A problem of the stored catalog. Later versions may add members at the end: a routine that
 * uses them checks dwSize first. */
typedef struct _WS2SPI_CATALOG_PROBLEM {
  DWORD dwSize;           /* of the structure that ws2spi.dll passes */
  DWORD dwPosition;       /* of the entry in catalog order, from 1; 0: the catalog as a whole */
  DWORD dwCatalogEntryId; /* 0: unknown */
  LPCSTR lpszReason;      /* a literal: "its chain names an entry that does not exist" */
} WS2SPI_CATALOG_PROBLEM, *LPWS2SPI_CATALOG_PROBLEM;
typedef void(CALLBACK *LPWS2SPI_PROBLEM_ROUTINE)(const WS2SPI_CATALOG_PROBLEM *lpProblem,
                                                 LPVOID lpContext);

/* Reads the stored catalog again and returns the number of its problems, 0 if it is good. Problems
 * are entries that no function can use, in catalog order, and damage to the whole: the number
 * of entries, the next id, a key that is not an entry.
 *   lpfnProblem           Called for each problem on this thread, with no lock held; it may call
 *                         every function. *lpProblem is valid during the call. NULL: only count.
 *   lpContext             Passed to lpfnProblem; any value.
 *     WSAEFAULT               lpfnProblem is neither NULL nor executable
 *     WSAEINVAL               no such width
 *     WSANO_RECOVERY          the catalog cannot be read
 *     WSASYSCALLFAILURE       the registry failed
 *     WSA_NOT_ENOUGH_MEMORY   no memory to read it */
int WSPAPI Ws2SpiCheckCatalog(DWORD dwWidth, LPWS2SPI_PROBLEM_ROUTINE lpfnProblem, LPVOID lpContext,
                              LPINT lpErrno);

/* Repairs what Ws2SpiCheckCatalog reports: removes the unusable entries and corrects the rest. The
 * usable entries stay, in their order. LSP categories of absent providers are deleted. Accepts
 * WS2SPI_WIDTH_BOTH.
 *     WSAEINVAL               no such width
 *     WSANO_RECOVERY          the catalog cannot be changed
 *     WSASYSCALLFAILURE       the registry failed
 *     WSA_NOT_ENOUGH_MEMORY   no memory for the change */
int WSPAPI Ws2SpiRepairCatalog(DWORD dwWidth, LPINT lpErrno);

/* Replaces the catalog by that of a fresh machine, the six base entries 1001 to 1006. Deletes all
 * LSP categories of providers. Works also on a catalog that cannot be read. Ids that were
 * used are not used again, unless the counter of ids cannot be read. Accepts WS2SPI_WIDTH_BOTH.
 *     WSAEINVAL               no such width
 *     WSANO_RECOVERY          the catalog cannot be changed
 *     WSASYSCALLFAILURE       the registry failed; for one width also: an interrupted change cannot
 *                             be read and may concern both
 *     WSA_NOT_ENOUGH_MEMORY   no memory for the change */
int WSPAPI Ws2SpiResetCatalog(DWORD dwWidth, LPINT lpErrno);

/* Installs a provider's entries at the end of a catalog: WSCInstallProvider with a width. Accepts
 * WS2SPI_WIDTH_BOTH, which gives an entry the same id in both catalogs.
 *   lpProviderId          Stored in each entry; no provider of this id may be installed.
 *   lpszProviderDllPath   1 to 259 characters, stored as it is.
 *   lpProtocolInfoList    dwNumberOfEntries entries, at least 1, in which dwCatalogEntryId and
 *                         ProviderId are ignored.
 *   lpdwFirstEntryId      Receives the id of the first entry; the others follow by 1. Or NULL.
 * Source: ws2spi/nf-ws2spi-wscinstallprovider. CONFORMANCE.md has the rules for chains.
 *     WSAEFAULT               a bad pointer
 *     WSAEINVAL               no such width; no entries; the path or an entry breaks a rule
 *     WSANO_RECOVERY          the ProviderId is in use; no ids left; the catalog cannot be changed
 *     WSASYSCALLFAILURE       the registry failed
 *     WSA_NOT_ENOUGH_MEMORY   no memory for the change */
int WSPAPI Ws2SpiInstallProvider(DWORD dwWidth, const GUID *lpProviderId,
                                 LPCWSTR lpszProviderDllPath,
                                 const WSAPROTOCOL_INFOW *lpProtocolInfoList,
                                 DWORD dwNumberOfEntries, LPDWORD lpdwFirstEntryId, LPINT lpErrno);

/* Removes all entries of a provider, usable or not: WSCDeinstallProvider with a width. Accepts
 * WS2SPI_WIDTH_BOTH; one catalog may then have no entries of the provider. Entries that exist in
 * this process only are in the native catalog, and are removed after the stored ones.
 * Source: ws2spi/nf-ws2spi-wscdeinstallprovider
 *     WSAEFAULT               lpProviderId is not readable
 *     WSAEINVAL               no such width; the provider has no entries there
 *     WSANO_RECOVERY          the catalog cannot be changed; the registry failed
 *     WSA_NOT_ENOUGH_MEMORY   no memory for the change */
int WSPAPI Ws2SpiDeinstallProvider(DWORD dwWidth, const GUID *lpProviderId, LPINT lpErrno);

/* Puts the entries of a catalog in another order: WSCWriteProviderOrder with a width.
 *   lpCatalogEntryIdList  dwNumberOfEntries ids: each usable entry once. Entries that exist in this
 *                         process only may all be left out.
 * Source: sporder/nf-sporder-wscwriteproviderorder
 *     WSAEFAULT               lpCatalogEntryIdList is not readable
 *     WSAEINVAL               no such width; the list has not each usable entry exactly once
 *     WSANO_RECOVERY          the catalog cannot be changed; the registry failed
 *     WSA_NOT_ENOUGH_MEMORY   no memory for the change */
int WSPAPI Ws2SpiWriteProviderOrder(DWORD dwWidth, const DWORD *lpCatalogEntryIdList,
                                    DWORD dwNumberOfEntries, LPINT lpErrno);

/* Finds the entry that a socket() call with these arguments gets: the first in catalog order that
 * matches. Layered entries (ChainLen 0) never match. PFL_HIDDEN makes no difference: it hides an
 * entry, such as RAW/IP, from WSAEnumProtocols only. In the native catalog, registered
 * entries come last, and LSPs that the categories of this application exclude do not match (see
 * Ws2SpiStartProvider).
 *   af, type              0 matches all.
 *   protocol              Matches iProtocol to iProtocol + iProtocolMaxOffset; 0 also matches every
 *                         entry with PFL_MATCHES_PROTOCOL_ZERO.
 *   lpProtocolInfo        Receives the entry. Untouched on failure.
 * Source: winsock2/nf-winsock2-socket, winsock2/ns-winsock2-wsaprotocol_infow
 *     WSAEFAULT               lpProtocolInfo is not writable
 *     WSAEAFNOSUPPORT         no entry matches the family
 *     WSAESOCKTNOSUPPORT      an entry matches the family, none also the type
 *     WSAEPROTONOSUPPORT      an entry matches both, none also the protocol
 *     WSAEINVAL               no such width
 *     WSANO_RECOVERY          the catalog cannot be read
 *     WSASYSCALLFAILURE       the registry failed
 *     WSAENOBUFS              no memory to read it */
int WSPAPI Ws2SpiSelectProtocol(DWORD dwWidth, int af, int type, int protocol,
                                LPWSAPROTOCOL_INFOW lpProtocolInfo, LPINT lpErrno);

/* --- types for GetProcAddress ----------------------------------------------------------------- */
typedef int(WSPAPI *LPFN_WS2SPIGETUPCALLTABLE)(LPWSPUPCALLTABLE, LPINT);
typedef int(WSPAPI *LPFN_WS2SPISETUPCALLTABLE)(const WSPUPCALLTABLE *, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIREGISTERPROVIDER)(const WSAPROTOCOL_INFOW *, LPWSPSTARTUP, LPDWORD,
                                                 LPINT);
typedef int(WSPAPI *LPFN_WS2SPIUNREGISTERPROVIDER)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPISTARTPROVIDER)(DWORD, LPWSPPROC_TABLE, LPINT);
typedef int(WSPAPI *LPFN_WS2SPISTOPPROVIDER)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPICANCELBLOCKINGCALL)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIOPENCATALOG)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIENUMCATALOG)(DWORD, LPWS2SPI_CATALOG_ENTRY, LPDWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPICHECKCATALOG)(DWORD, LPWS2SPI_PROBLEM_ROUTINE, LPVOID, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIREPAIRCATALOG)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIRESETCATALOG)(DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIINSTALLPROVIDER)(DWORD, const GUID *, LPCWSTR,
                                                const WSAPROTOCOL_INFOW *, DWORD, LPDWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIDEINSTALLPROVIDER)(DWORD, const GUID *, LPINT);
typedef int(WSPAPI *LPFN_WS2SPIWRITEPROVIDERORDER)(DWORD, const DWORD *, DWORD, LPINT);
typedef int(WSPAPI *LPFN_WS2SPISELECTPROTOCOL)(DWORD, int, int, int, LPWSAPROTOCOL_INFOW, LPINT);
#ifdef __cplusplus
}
#endif

#endif
