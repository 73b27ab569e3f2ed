/* ws2spi_shim.h - what ws2spi.dll offers beyond the SDK's own ws2spi.h.
 *
 * ws2spi.dll is the Ws2_32.dll side of the Winsock 2 Service Provider Interface.
 * The WPU and WSC functions and the blocking hooks of Winsock 1.1 that it exports
 * are declared by winsock2.h and ws2spi.h and follow their pages; the first part
 * of this header says what those pages leave open and how it is settled here. The
 * second part declares the Ws2Spi functions, which exist nowhere else.
 *
 * Link -lws2spi before -lws2_32: the system's library defines some of the same names.
 *
 * The header needs no other before it, and compiles as C11 and C++.
 *
 * Sources are named as in MicrosoftDocs: ws2spi/<page>, winsock2/<page>,
 * WinSock/<page>. "1.1" is the Windows Sockets 1.1 specification of January 1993.
 */
#ifndef WS2SPI_SHIM_H
#define WS2SPI_SHIM_H

#include <winsock2.h>
#include <ws2spi.h>
#include "ws2spi_sdk_gaps.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ============================================================================
 * Rules of every function
 *
 * lpErrno       Must be writable: a bad one fails the call before it has done
 *               anything, and the return value alone tells. 0 after success.
 * Bad pointers  WSAEFAULT, never an exception: NULL, unmapped, read-only, guard
 *               pages and what crosses into them. (A guard page is used up by it.)
 * Failure       Leaves the state as it was.
 * Threads       Every function may be called from any thread at any time, also
 *               from inside a hook, unless it says otherwise. None may be called
 *               from DllMain.
 * Last error    Functions with an lpErrno do not use it; WSA... functions do.
 * Log           With WS2SPI_LOG=stderr or WS2SPI_LOG=<path> in the environment when the
 *               first call comes, each refusal is one line, with process and thread:
 *               why a provider did not start, which entry was not found, which
 *               hook was refused, which pointer was bad. It changes no result and
 *               no last error.
 *
 * ============================================================================
 * The standard functions, where their pages leave something open
 *
 * WPUQueryBlockingCallback        (ws2spi/nf-ws2spi-wpuqueryblockingcallback)
 *   0 with a NULL callback and context 0: no hook on this thread; block natively.
 *   0 with a callback: a blocking operation has begun on this thread. It ends when
 *   the hook is replaced or removed or the thread queries again, but its context
 *   stays good under the same hook: calling the callback with it makes the
 *   operation current again. So a layer may call a blocking procedure of the layer
 *   below between two of its callbacks.
 *   SOCKET_ERROR stores NULL and 0 where that is possible. In this order:
 *     WSAEFAULT           an out pointer is bad
 *     WSANOTINITIALISED   WSAStartup was called through the shim and WSACleanup
 *                         since, and no provider is started
 *     WSAEINVAL           no such catalog entry, whether or not there is a hook
 *     WSAEINPROGRESS      called inside the callback, that is, from a hook (not on
 *                         the page; the 1.1 nesting rule needs it)
 *
 * The callback itself (LPBLOCKINGCALLBACK; on the page its argument is a DWORD, in
 * the headers and here a DWORD_PTR)
 *   Runs the hook until it returns FALSE, or a cancel is pending. FALSE: the
 *   operation is cancelled, fail with WSAEINTR. TRUE: go on waiting. Runs nothing
 *   and returns TRUE when the hook is gone or the context is not one that this
 *   thread got under its present hook. Runs nothing and returns FALSE when a cancel
 *   is pending already. Called from a hook it runs nothing and tells whether the
 *   operation is cancelled.
 *   Limits: a hook that always returns TRUE keeps its thread until a cancel; a
 *   provider's worker thread that uses its caller's context always gets TRUE. A
 *   thread remembers its last 16 cancels of providers' operations, and which entry each of its last 64
 *   queried operations was for: of an older operation a cancel is forgotten, or
 *   does not ask the provider. On i686 contexts repeat, at the earliest, after
 *   2^31 operations of the process.
 *
 * WSASetBlockingHook              (1.1; winsock2/nf-winsock2-wsasetblockinghook)
 *   Per thread; stays until replaced, removed or the thread ends, over WSACleanup
 *   too. Returns the hook before, the first time a callable default hook, which
 *   pumps one message a call; handing that back removes the hook. NULL is failure:
 *     WSANOTINITIALISED   cleaned up since the last WSAStartup through the shim
 *     WSAEINPROGRESS      called from a hook
 *     WSAEOPNOTSUPP       the process asked WSAStartup, through the shim, for 2.x
 *                         only. One request for 1.x makes the whole process 1.x
 *                         until its last WSACleanup; a process that never called
 *                         the shim's WSAStartup may use hooks.
 *     WSAEFAULT           NULL, or not executable
 *     WSASYSCALLFAILURE   no memory or thread slot for the thread's record
 *   A hook may cancel, and may end its thread. Undefined: longjmp or an exception
 *   that leaves a hook; FreeLibrary of ws2spi.dll while a thread is inside a hook or
 *   a blocking call. A hook that switches fibers and comes back on another thread
 *   means "go on"; the thread it left counts as inside its hook from then on,
 *   and must not end before a base call that it began has returned.
 *
 * WSAUnhookBlockingHook           (1.1) Errors as above, less the last two; a hook
 *   that was set before the process asked for 2.x can be removed.
 *
 * WSAIsBlocking                   (1.1) TRUE inside a hook only, since the shim sees
 *   no call that a program makes past it. Sets no error.
 *
 * WSACancelBlockingCall           (1.1) For hooks. The first cancel of an operation
 *   calls lpWSPCancelBlockingCall of the provider whose id the query gave, if that
 *   is started in this process; its error is passed on, and then nothing is
 *   cancelled. Further cancels succeed and do nothing. SOCKET_ERROR:
 *     WSAEINVAL           not called from a hook (WSANOTINITIALISED, WSAEOPNOTSUPP
 *                         where WSASetBlockingHook has them)
 *
 * WSAStartup, WSACleanup          Forward to the system's and keep its results;
 *   WSAEINPROGRESS in a hook.
 *
 * WPUModifyIFSHandle              (ws2spi/nf-ws2spi-wpumodifyifshandle) The handle
 *   comes back unchanged. WSAEINVAL: no such entry, no live handle, or one of
 *   WPUCreateSocketHandle; WSAENOBUFS; WSANOTINITIALISED as above. The last caller, the top layer of a chain, wins.
 *
 * WPUGetProviderPath, WSCGetProviderPath   Length in characters: without the NUL
 *   after success, with it after WSAEFAULT for a buffer that is too small.
 *   WSAEINVAL: unknown provider. The path of a base entry is that of the ws2spi.dll that
 *   answers, whatever is stored; in WSCGetProviderPath32 too, though that is a 64-bit DLL.
 *
 * WPUQueueApc, WPUCloseThread     WSAEFAULT: not a handle of a thread, or (WPUQueueApc)
 *   a function that is not executable. WPUCloseThread clears the handle.
 *
 * WPUCreateSocketHandle           (ws2spi/nf-ws2spi-wpucreatesockethandle) For entries
 *   without XP1_IFS_HANDLES. The context may be any value. The handle is a live kernel handle
 *   of this process and never the value of a live socket; it can be associated with a
 *   completion port, and waiting, GetHandleInformation and DuplicateHandle work.
 *   ReadFile and WriteFile are refused (ERROR_ACCESS_DENIED; on Windows a kernel driver
 *   leads them to the provider), CloseHandle is refused, and the system's own socket
 *   calls say WSAENOTSOCK. It stays until WPUCloseSocketHandle; a program that takes its
 *   protection away (SetHandleInformation) has to close it, and WPUCloseSocketHandle then
 *   only forgets it. INVALID_SOCKET:
 *     WSAEINVAL           no such entry, or one with XP1_IFS_HANDLES (neither is on
 *                         the page)
 *     WSAENOBUFS
 *
 * WPUQuerySocketHandleContext, WPUCloseSocketHandle
 *     WSAENOTSOCK         not made by WPUCreateSocketHandle, or closed
 *     WSAEFAULT           (Query) lpContext is not writable
 *   A query that races with the close of its handle gets the context or WSAENOTSOCK,
 *   never another handle's context. Neither takes a lock that a provider could hold.
 *
 * WPUCompleteOverlappedRequest    (ws2spi/nf-ws2spi-wpucompleteoverlappedrequest)
 *   lpOverlapped->Internal must be WSS_OPERATION_IN_PROGRESS, as a provider sets it when
 *   the operation starts: so of several calls that race to complete one request,
 *   one succeeds, as long as none of them is still under way when the structure is
 *   freed or used again. Offset and OffsetHigh are the provider's own.
 *   Stores InternalHigh = cbTransferred, then Internal = 0, or 0xC0070000 with the low
 *   16 bits of dwError, which RtlNtStatusToDosError turns back into the code; then queues
 *   a packet to the port that the handle is associated with, if hEvent's low bit is
 *   clear, and sets hEvent. No packet comes where the program asked for none with
 *   SetFileCompletionNotificationModes(FILE_SKIP_COMPLETION_PORT_ON_SUCCESS): to the
 *   system, each of these requests finishes at once. The structure is not touched after Internal has changed.
 *   The packet of a request that failed makes GetQueuedCompletionStatus fail with that
 *   code and 0 bytes. (Tried under Wine 8.0. From Wine 10.6 on the code would be
 *   ERROR_HANDLE_EOF, and on a real Windows the packet that of a success; neither was
 *   tried. The error is always in Internal, and where WSPGetOverlappedResult looks.)
 *   SOCKET_ERROR, and nothing is completed:
 *     WSAEINVAL           not a handle of WPUCreateSocketHandle, or the request is not
 *                         under way
 *     WSAEFAULT           lpOverlapped is not writable
 *     WSAENOBUFS          more bytes than a packet can report: above 0x7FFFF000, or
 *                         above what can be mapped at once (about 1 GB on i686); no handle
 *                         for the event
 *
 * WSCEnumProtocols (and 32)       (ws2spi/nf-ws2spi-wscenumprotocols) All usable entries,
 *   hidden ones too, in catalog order, registered ones last. Returns their number and stores the bytes
 *   they take; WSAENOBUFS stores the bytes needed. A filter never matches an entry
 *   whose iProtocol is 0. Documented WSAEINVAL has no cause here; WSANO_RECOVERY, which
 *   is not documented, if the catalog cannot be read.
 *
 * WSCInstallProvider, WSCDeinstallProvider, WSCUpdateProvider, WSCWriteProviderOrder,
 * WSCInstallProviderAndChains and their 32 and 64_32 forms
 *   Change the catalog that is open (see Ws2SpiOpenCatalog below): all of a call or nothing,
 *   durably if it is the registry's, and seen by this process at once and by others when
 *   they next look. If the system's catalog is open, they call the system's functions of
 *   the same name with the same arguments, WSANO_RECOVERY if it has none. Common errors:
 *     WSAEFAULT           a bad pointer
 *     WSAEINVAL           no entries; a path that is empty or does not fit MAX_PATH; a
 *                         name without end; a chain that is too long, names entries that
 *                         are not installed, one entry twice or more than one registered
 *                         entry, or leads back to itself; no such installed provider
 *     WSANO_RECOVERY      the provider id is in use, installed or registered in this
 *                         process; no right to write; another writer has held the
 *                         catalog for too long; no more ids; the registry fails
 *     WSASYSCALLFAILURE   the registry fails, of functions that install (the pages of the
 *                         others do not have it)
 *     WSA_NOT_ENOUGH_MEMORY   of WSCInstallProviderAndChains and its 64_32 form WSAENOBUFS
 *   The log (WS2SPI_LOG) says of each refusal which provider or entry was at fault, and why.
 *   WSCInstallProvider    (ws2spi/nf-ws2spi-wscinstallprovider) At the end of the catalog.
 *     A chain that names a registered entry, and what is installed with it, is of this
 *     process alone: it lies over the catalog as registered entries do.
 *   WSCDeinstallProvider  Also entries that are skipped as unusable; the LSP categories
 *     of the provider are forgotten. Base entries may go too, and nothing is refused
 *     for a chain above that needs it (the page has no error for that): such a chain
 *     stays, skipped as unusable, until Ws2SpiRepairCatalog or its own installer removes it.
 *   WSCUpdateProvider     Entries are matched by dwCatalogEntryId (the page does not say
 *     how; Microsoft's LSP sample passes it): WSAEINVAL for one that is not the
 *     provider's, or twice. Others stay; the path holds for all of the provider. Also
 *     WSAEINVAL: an entry of the list would be unusable, or another entry become so; what
 *     was unusable before, and is not in the list, keeps nothing from being updated.
 *     Entries of this process alone cannot be updated: WSAEINVAL.
 *   WSCWriteProviderOrder (sporder/nf-sporder-wscwriteproviderorder) Returns the error
 *     itself. WSAEINVAL: not every id that WSCEnumProtocols gives exactly once. Entries of
 *     this process alone stay at the end, in the order of the list; all of them
 *     may be left out.
 *   WSCInstallProviderAndChains (i686), WSCInstallProviderAndChains64_32 (x86-64)
 *     The layered entry comes last, the chains first, named "<LSP> over [<entry>]". No list:
 *     over each base protocol, once per family, type and protocol. A list: over the first
 *     entry of each family, type and protocol in it. Ids are the same in both
 *     catalogs. NULL for what must be there, a flag other than XP1_IFS_HANDLES, an LSP
 *     name in use, no match, and a single path for both that is not
 *     %windir%\system32\<file> are WSAEINVAL; a provider id in use, a chain that would be
 *     too long or nested too deep, and no base protocol WSANO_RECOVERY. XP1_IFS_HANDLES is kept where the entry
 *     below has it, never added to one that has not. WSAEINVALIDPROCTABLE and
 *     WSAEINPROGRESS never come: the provider is not loaded to look for extension functions
 *     (an installer should not run what it installs), and a second installation waits.
 *
 * WSCGetProviderInfo, WSCSetProviderInfo (and 32)   Of ProviderInfoLspCategories only
 *   (ProviderInfoAudit: ERROR_CALL_NOT_IMPLEMENTED), Flags 0. An LSP's categories belong
 *   to the ProviderId of its layered entry, and go with the provider: a new one of the same
 *   id has none. A provider without any has 0. Info NULL or
 *   too small: WSAEFAULT, and the size is stored. Unknown provider: WSAEINVALIDPROVIDER,
 *   when setting WSAEINVAL; so is a size other than 4, and a registered provider. A catalog
 *   that cannot be read says nothing of providers: WSANO_RECOVERY, WSA_NOT_ENOUGH_MEMORY.
 *
 * WSCGetApplicationCategory, WSCSetApplicationCategory   The path is expanded and
 *   compared without case, as file names are; with another Extra, whose case counts, it is
 *   another application. Calls of
 *   WSCSetApplicationCategory add up. WSAEINVAL: no path, one of more than 32,766
 *   characters, as it is or expanded, an Extra of more than 32,767, or a NUL within;
 *   WSASERVICE_NOT_FOUND: not categorised.
 *
 * WSAProviderConfigChange         (winsock2/nf-winsock2-wsaproviderconfigchange) Reports
 *   changes of the protocol catalog that is open, by whichever process, and that another
 *   is opened; name spaces do not exist here. A change between two calls completes the
 *   next one; several may be reported as one. Calls that were cancelled leave nothing behind.
 *   A handle lasts while other catalogs are opened; only a first call is handed on to the system if
 *   its catalog is open, and later ones with the handle that it gave.
 *   Closing the handle ends what is pending. Nothing is written into the registry of a real Windows.
 *   ws2spi.dll stays loaded from the first handle on. Errors of the page, and
 *   WSAEFAULT for a bad pointer.
 *
 * WPUOpenCurrentThread            WSASYSCALLFAILURE (not on the page): no handle of the thread.
 *
 * WSPStartup                      The base provider: TCP, UDP and raw sockets over the
 *   system's Winsock. Exported for hosts and layers that load ws2spi.dll by path,
 *   and in no import library, so that an LSP that forgets its own does not link.
 *   What fails for want of memory, events or threads is WSASYSNOTREADY in WSPStartup and
 *   WSAENOBUFS in its procedures, also where their pages do not list it; a readiness that
 *   cannot be asked for (accept, MSG_PEEK, select) is WSAENETDOWN. An error that the system's
 *   Winsock gives is passed on, but WSAEINVAL where an address cannot be converted.
 * ========================================================================== */

/* Copies the shim's upcall table, all fifteen entries, for a WSPStartup call that
 * the caller makes itself (ws2spi/ns-ws2spi-wspupcalltable). The entries are valid
 * while ws2spi.dll is loaded, and equal in every copy.
 *   0, or SOCKET_ERROR:
 *     WSAEFAULT           lpUpcallTable is not writable */
int WSPAPI Ws2SpiGetUpcallTable(LPWSPUPCALLTABLE lpUpcallTable, LPINT lpErrno);

/* For an LSP that a real Ws2_32 loaded: call it in WSPStartup with the table that was
 * handed over, and the WPU functions called by name go to that Ws2_32 from then on,
 * in the whole process; except WPUQueryBlockingCallback on a thread that has a hook
 * set through the shim, of which that Ws2_32 cannot know. The table is copied, and
 * the copy kept until ws2spi.dll is unloaded. The shim's own table is recognised
 * and changes nothing, not even a table set before, so the same source works in
 * both worlds. NULL returns to the shim's own. WPUCompleteOverlappedRequest is in no
 * table and stays the shim's. Other threads may be in WPU functions meanwhile: each
 * goes to one table or the other.
 *   0, or SOCKET_ERROR, and the table set before stays:
 *     WSAEFAULT           lpUpcallTable is not readable
 *     WSAEINVAL           an entry is NULL
 *     WSA_NOT_ENOUGH_MEMORY */
int WSPAPI Ws2SpiSetUpcallTable(const WSPUPCALLTABLE *lpUpcallTable, LPINT lpErrno);

/* Adds a catalog entry whose provider is a function of this program instead of a DLL:
 * a fake base provider or a layer compiled into a test. The entry lies over the
 * catalog, at its end, until unregistered; it is never stored anywhere.
 *   lpProtocolInfo        Copied. dwCatalogEntryId is ignored. A zero ProviderId gets
 *                         a fresh one. ProtocolChain follows the rules of
 *                         WSCInstallProvider.
 *   lpfnStartup           Called as WSPStartup when the entry is started. It must stay
 *                         callable until the entry is unregistered and stopped. Also
 *                         called by the WSPStartup that ws2spi.dll exports, when that
 *                         is given this entry, or a chain that has it as an
 *                         element (the last element gets its own entry instead of
 *                         the chain): the path of the entry is ws2spi.dll's own, so
 *                         a layer from a DLL can be installed over a fake provider
 *                         with the standard calls alone.
 *   lpdwCatalogEntryId    Receives the id, which is never used again in this process, and
 *                         is between WS2SPI_FIRST_REGISTERED_ID and
 *                         WS2SPI_LAST_REGISTERED_ID.
 *   0, or SOCKET_ERROR:
 *     WSAEFAULT           a bad pointer, or lpfnStartup is not executable
 *     WSAEINVAL           an impossible entry (see WSCInstallProvider above)
 *     WSANO_RECOVERY      the ProviderId is in use, also by an installation that is just
 *                         under way in this process, or no fresh one can be made. (Another
 *                         process knows nothing of the registration and may install one
 *                         of this id later: then the id means the installed one.)
 *     WSA_NOT_ENOUGH_MEMORY, WSASYSCALLFAILURE */
int WSPAPI Ws2SpiRegisterProvider(const WSAPROTOCOL_INFOW *lpProtocolInfo, LPWSPSTARTUP lpfnStartup,
                                  LPDWORD lpdwCatalogEntryId, LPINT lpErrno);

/* Removes an entry that Ws2SpiRegisterProvider made. A provider that is started stays
 * started until it is stopped by the same id.
 *   0, or SOCKET_ERROR:
 *     WSAEINVAL           no such entry, or not a registered one */
int WSPAPI Ws2SpiUnregisterProvider(DWORD dwCatalogEntryId, LPINT lpErrno);

/* Does what Ws2_32 does when the first socket of an entry is made: loads the provider's
 * DLL from the entry's path (environment strings expanded, then it must be absolute),
 * calls its WSPStartup for version 2.2 with the entry's WSAPROTOCOL_INFOW and the
 * shim's upcall table, and checks what comes back (ws2spi/nf-ws2spi-wspstartup).
 * Providers are started once per ProviderId and process and counted: each success
 * needs one Ws2SpiStopProvider with the same id. If another thread is starting or
 * stopping the provider, this one waits for the outcome; no lock is held across
 * the provider's code. If this application is categorised
 * (WinSock/categorizing-layered-service-providers-and-applications), an LSP whose
 * categories do not fit, or a chain with such a layer, is not started, as if its DLL
 * could not be loaded; base and registered providers are no LSPs. Categories are read
 * once per process, at the first WSAStartup, start or selection, by the path of the
 * program and its argument string, else by the path alone. That Windows also keeps
 * LSPs without categories out of services is not imitated. Two providers whose WSPStartups start each other, from two
 * threads, wait for ever.
 *   lpProcTable           Receives a copy of the procedure table; untouched on
 *                         failure. Good until the matching stop.
 *   0, or SOCKET_ERROR:
 *     WSAEFAULT             lpProcTable is not writable
 *     WSAEINVAL             no such entry, or the catalog that might have it cannot be read
 *     WSAEINPROGRESS        called from a hook, or this thread is already starting or
 *                           stopping that provider
 *     WSAEPROVIDERFAILEDINIT  the DLL could not be loaded, has no WSPStartup, or its
 *                           WSPStartup failed; the categories keep it out
 *     WSAEINVALIDPROVIDER   it answered with another version than 2.2
 *     WSAEINVALIDPROCTABLE  an entry of its procedure table is NULL
 *     WSA_NOT_ENOUGH_MEMORY
 *   Why a start failed (the loader's error, WSPStartup's, which entry) is a line of
 *   the log: set WS2SPI_LOG=stderr or WS2SPI_LOG=<path> in the environment. */
int WSPAPI Ws2SpiStartProvider(DWORD dwCatalogEntryId, LPWSPPROC_TABLE lpProcTable, LPINT lpErrno);

/* Undoes one start made with this id. The last one calls WSPCleanup and unloads the DLL,
 * when no call that the shim makes into it is under way any more. Works also when
 * the entry has left the catalog.
 *   0, or SOCKET_ERROR:
 *     WSAEINVAL             not started with this id
 *     WSAEINPROGRESS        called from a hook, under which a provider's own code is,
 *                           or this thread is already starting or stopping it
 *     what WSPCleanup reported (WSASYSCALLFAILURE if it gave no code); the provider
 *     then stays started */
int WSPAPI Ws2SpiStopProvider(DWORD dwCatalogEntryId, LPINT lpErrno);

/* Cancels the current blocking operation of a thread, from any thread: for watchdogs,
 * time-outs and tests. A wait of the base provider ends at once with WSAEINTR, with
 * or without a hook; another provider learns of it from its next blocking callback.
 * No provider is called, since WSPCancelBlockingCall acts on its calling thread. If
 * the operation completes first, its result stands (ws2spi/nc-ws2spi-lpwspcancelblockingcall).
 * A cancel never reaches a later operation of the thread.
 *   dwThreadId            As GetThreadId or CreateThread give it.
 *   0 also if the operation was cancelled already; or SOCKET_ERROR:
 *     WSAEINVAL             no operation there, or no such thread */
int WSPAPI Ws2SpiCancelBlockingCall(DWORD dwThreadId, LPINT lpErrno);

/* ============================================================================
 * The catalog: which one, and what the WSC functions cannot do
 *
 * A 64-bit machine has two catalogs side by side, one for 32- and one for 64-bit
 * processes. The WSC functions mean that of the calling process (their 32 forms, in
 * a 64-bit process, the other); the functions below mean the one, or where they say
 * so the ones, that dwWidth names, from either kind of process. A width that does not
 * exist is WSAEINVAL.
 * ========================================================================== */
#define WS2SPI_WIDTH_32   0x1
#define WS2SPI_WIDTH_64   0x2
#define WS2SPI_WIDTH_BOTH (WS2SPI_WIDTH_32 | WS2SPI_WIDTH_64)
#ifdef _WIN64
#define WS2SPI_WIDTH_NATIVE WS2SPI_WIDTH_64
#else
#define WS2SPI_WIDTH_NATIVE WS2SPI_WIDTH_32
#endif

/* Ids that Ws2SpiRegisterProvider gives are in this range, and no stored entry is, so
 * that they never mean an entry of another process. An entry that is installed as a
 * chain over a registered one gets such an id too, and goes with the process. */
#define WS2SPI_FIRST_REGISTERED_ID 0x40000001
#define WS2SPI_LAST_REGISTERED_ID  0x7FFFFFFF

/* Where the catalog is kept. */
#define WS2SPI_CATALOG_DEFAULT  0 /* as WS2SPI_CATALOG in the environment says; see below */
#define WS2SPI_CATALOG_MEMORY   1 /* in this process; nothing outlives it */
#define WS2SPI_CATALOG_REGISTRY 2 /* Windows' own key, which Wine does not use itself */
#define WS2SPI_CATALOG_SYSTEM   3 /* the system's, through its ws2_32: read here, changed there */

/* Opens another catalog for the whole process. Without this call the default is opened
 * at the first need: what WS2SPI_CATALOG=memory, registry or system says, else the
 * registry under Wine and the system's on Windows. (Another word is logged and means
 * memory, which can do no harm.) It may be called at any time, also while providers
 * are started: these stay started, and are stopped by the ids they were started
 * with. Entries of the catalog before are not found any more; registered ones are, since
 * they lie over every catalog. The memory catalog keeps its content while ws2spi.dll is
 * loaded, so coming back finds it. Opening a catalog again is allowed, and makes
 * the categories of the application be read again.
 *   0, or SOCKET_ERROR, and the catalog before stays open:
 *     WSAEINVAL           no such constant
 *     WSANO_RECOVERY, WSA_NOT_ENOUGH_MEMORY, WSASYSCALLFAILURE   it cannot be read */
int WSPAPI Ws2SpiOpenCatalog(DWORD dwStore, LPINT lpErrno);

/* An entry as it is stored. */
typedef struct _WS2SPI_CATALOG_ENTRY {
  WSAPROTOCOL_INFOW ProtocolInfo;
  WCHAR szPath[260]; /* unexpanded; of a base entry what is stored, not what answers */
} WS2SPI_CATALOG_ENTRY, *LPWS2SPI_CATALOG_ENTRY;

/* The usable stored entries in catalog order; registered ones are not among them.
 *   lpBuffer, lpdwBufferLength    In bytes, as WSCEnumProtocols has them.
 *   Their number, or SOCKET_ERROR:
 *     WSAEFAULT           a bad pointer
 *     WSAEINVAL           dwWidth is not one of the two
 *     WSAENOBUFS          the buffer is NULL or too small; the size needed is stored
 *     WSANO_RECOVERY, WSA_NOT_ENOUGH_MEMORY   the catalog cannot be read */
int WSPAPI Ws2SpiEnumCatalog(DWORD dwWidth, LPWS2SPI_CATALOG_ENTRY lpBuffer,
                             LPDWORD lpdwBufferLength, LPINT lpErrno);

/* A stored entry that is skipped, and why. */
typedef struct _WS2SPI_CATALOG_PROBLEM {
  DWORD dwPosition;       /* in catalog order, from 1; 0: the catalog as a whole */
  DWORD dwCatalogEntryId; /* 0: cannot be told */
  LPCSTR lpszReason;      /* "its chain names an entry that is not there" */
} WS2SPI_CATALOG_PROBLEM, *LPWS2SPI_CATALOG_PROBLEM;
typedef void(CALLBACK *LPWS2SPI_PROBLEM_ROUTINE)(const WS2SPI_CATALOG_PROBLEM *lpProblem,
                                                 LPVOID lpContext);

/* Reads the stored catalog anew and calls lpfnProblem for each entry that nobody can use, in
 * catalog order, and for what is wrong with the whole (the number of entries, the id of the
 * next, a key that is none), on this thread, with no lock held; the routine may call everything.
 *   lpfnProblem             NULL: they are only counted.
 *   The number of faults, 0 if all is well, or SOCKET_ERROR:
 *     WSAEFAULT           lpfnProblem is not executable
 *     WSAEINVAL           dwWidth is not one of the two
 *     WSA_NOT_ENOUGH_MEMORY
 *     WSANO_RECOVERY, WSASYSCALLFAILURE   the catalog cannot be read */
int WSPAPI Ws2SpiCheckCatalog(DWORD dwWidth, LPWS2SPI_PROBLEM_ROUTINE lpfnProblem, LPVOID lpContext,
                              LPINT lpErrno);

/* Removes and puts right what Ws2SpiCheckCatalog reports, in one catalog or both in one step.
 * All usable entries stay as they are, in their order. LSP categories of providers that the
 * catalog does not have are forgotten.
 *   0, also if there was nothing to remove; or SOCKET_ERROR:
 *     WSAEINVAL           no such width
 *     WSANO_RECOVERY      no right to change it; it is the system's
 *     WSA_NOT_ENOUGH_MEMORY, WSASYSCALLFAILURE */
int WSPAPI Ws2SpiRepairCatalog(DWORD dwWidth, LPINT lpErrno);

/* Makes the catalog, or both in one step, what a fresh one is: the six base entries,
 * 1001 to 1006. Ids given before are not given again. All LSP categories of providers are
 * forgotten. It needs nothing of what there is, so it works on a catalog that cannot be read;
 * only the count of ids begins anew where that cannot be read either.
 *   0, or SOCKET_ERROR:
 *     WSAEINVAL           no such width
 *     WSANO_RECOVERY      no right to change it; it is the system's
 *     WSASYSCALLFAILURE   it cannot be written; one width alone, and there is an interrupted
 *                         change that cannot be read and may be of both
 *     WSA_NOT_ENOUGH_MEMORY */
int WSPAPI Ws2SpiResetCatalog(DWORD dwWidth, LPINT lpErrno);

/* WSCInstallProvider, WSCDeinstallProvider and WSCWriteProviderOrder for a width, with
 * their errors (Ws2SpiWriteProviderOrder stores its error like the others).
 * WSANO_RECOVERY if the catalog is the system's.
 *   dwWidth               Both: in one step; installed entries get the same ids in both;
 *                         removed are the entries of this process alone too, if they are the
 *                         provider's, after those that are stored. Of the order, one.
 *   lpdwCatalogEntryId    NULL, or receives the id of the first entry of the list; the
 *                         others follow. */
int WSPAPI Ws2SpiInstallProvider(DWORD dwWidth, LPGUID lpProviderId,
                                 const WCHAR *lpszProviderDllPath,
                                 const WSAPROTOCOL_INFOW *lpProtocolInfoList,
                                 DWORD dwNumberOfEntries, LPDWORD lpdwCatalogEntryId,
                                 LPINT lpErrno);
int WSPAPI Ws2SpiDeinstallProvider(DWORD dwWidth, LPGUID lpProviderId, LPINT lpErrno);
int WSPAPI Ws2SpiWriteProviderOrder(DWORD dwWidth, LPDWORD lpdwCatalogEntryId,
                                    DWORD dwNumberOfEntries, LPINT lpErrno);

/* The entry that a socket() with these arguments would get: the first in catalog
 * order that matches.
 * Family 0 and type 0 match all. A protocol matches from iProtocol to iProtocol +
 * iProtocolMaxOffset; protocol 0 also every entry with PFL_MATCHES_PROTOCOL_ZERO.
 * Layered entries (ChainLen 0) are never chosen. PFL_HIDDEN is not looked at: it hides
 * an entry, such as RAW/IP, from WSAEnumProtocols only. In the catalog of this
 * process's width registered entries come last, and LSPs that the categories of the
 * application keep out are passed over (see Ws2SpiStartProvider).
 *   lpProtocolInfo        Receives the entry; untouched on failure.
 *   0, or SOCKET_ERROR:
 *     WSAEFAULT           lpProtocolInfo is not writable
 *     WSAEAFNOSUPPORT     no entry of this family
 *     WSAESOCKTNOSUPPORT  one of this family, but none of this type with it
 *     WSAEPROTONOSUPPORT  both, but none of this protocol with them
 *     WSAEINVAL           dwWidth is not one of the two
 *     WSAENOBUFS, WSANO_RECOVERY, WSASYSCALLFAILURE   the catalog cannot be read */
int WSPAPI Ws2SpiSelectProtocol(DWORD dwWidth, int af, int type, int protocol,
                                LPWSAPROTOCOL_INFOW lpProtocolInfo, LPINT lpErrno);

#ifdef __cplusplus
}
#endif

#endif
