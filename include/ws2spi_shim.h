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
 *   thread remembers its last 16 cancels, and which entry each of its last 64
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
 *   comes back unchanged. WSAEINVAL: no such entry, or no live handle; WSAENOBUFS;
 *   WSANOTINITIALISED as above. The last caller, the top layer of a chain, wins.
 *
 * WPUGetProviderPath, WSCGetProviderPath   Length in characters: without the NUL
 *   after success, with it after WSAEFAULT for a buffer that is too small.
 *   WSAEINVAL: unknown provider.
 *
 * WPUQueueApc, WPUCloseThread     WSAEFAULT: not a handle of a thread, or (WPUQueueApc)
 *   a function that is not executable. WPUCloseThread clears the handle.
 *
 * WPUCreateSocketHandle, WPUCloseSocketHandle, WPUQuerySocketHandleContext,
 * WPUCompleteOverlappedRequest    Not built yet: WSAENOBUFS (WSAEINVAL for an
 *   unknown id), WSAENOTSOCK, WSAENOTSOCK, WSAEINVAL.
 *
 * WSCEnumProtocols                (ws2spi/nf-ws2spi-wscenumprotocols) All entries,
 *   hidden ones too, in catalog order. Returns their number and stores the bytes
 *   they take; WSAENOBUFS stores the bytes needed. A filter never matches an entry
 *   whose iProtocol is 0. Documented WSAEINVAL has no cause here.
 *
 * WSCInstallProvider, WSCDeinstallProvider   Change the memory catalog of this
 *   process, at once; nothing outlives the process. No privilege is needed.
 *     WSAEINVAL           no entries; a path that is empty or does not fit
 *                         MAX_PATH; a name without end; a chain that is too long,
 *                         names entries that are not installed, one entry twice or
 *                         more than one registered entry; (Deinstall) no such
 *                         installed provider
 *     WSANO_RECOVERY      the provider id is in use
 *     WSA_NOT_ENOUGH_MEMORY
 *
 * WSPStartup                      The base provider: TCP, UDP and raw sockets over the
 *   system's Winsock. Exported for hosts and layers that load ws2spi.dll by path,
 *   and in no import library, so that an LSP that forgets its own does not link.
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
 *   lpdwCatalogEntryId    Receives the id, which is never used again.
 *   0, or SOCKET_ERROR:
 *     WSAEFAULT           a bad pointer, or lpfnStartup is not executable
 *     WSAEINVAL           an impossible entry (see WSCInstallProvider above)
 *     WSANO_RECOVERY      the ProviderId is in use, or no fresh one can be made
 *     WSA_NOT_ENOUGH_MEMORY */
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
 * the provider's code. Two providers whose WSPStartups start each other, from two
 * threads, wait for ever.
 *   lpProcTable           Receives a copy of the procedure table; untouched on
 *                         failure. Good until the matching stop.
 *   0, or SOCKET_ERROR:
 *     WSAEFAULT             lpProcTable is not writable
 *     WSAEINVAL             no such entry
 *     WSAEINPROGRESS        called from a hook, or this thread is already starting or
 *                           stopping that provider
 *     WSAEPROVIDERFAILEDINIT  the DLL could not be loaded, has no WSPStartup, or its
 *                           WSPStartup failed
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

#ifdef __cplusplus
}
#endif

#endif
