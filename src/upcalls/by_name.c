#include "blocking/blocking.h"
#include "platform/compiler.h"
#include "upcalls/table_in_force.h"
#include "upcalls/upcalls.h"

/* The upcalls by name, for providers that do not call them through their table. ws2spi.h declares
 * these functions, and no import library of the system has them. */

WINBOOL WSPAPI WPUCloseEvent(WSAEVENT hEvent, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUCloseEvent(hEvent, lpErrno);
}

int WSPAPI WPUCloseSocketHandle(SOCKET s, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUCloseSocketHandle(s, lpErrno);
}

WSAEVENT WSPAPI WPUCreateEvent(LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUCreateEvent(lpErrno);
}

SOCKET WSPAPI WPUCreateSocketHandle(DWORD dwCatalogEntryId, DWORD_PTR dwContext, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUCreateSocketHandle(dwCatalogEntryId, dwContext, lpErrno);
}

int WSPAPI WPUFDIsSet(SOCKET s, fd_set *fdset)
{
  return upcall_table_in_force()->lpWPUFDIsSet(s, fdset);
}

int WSPAPI WPUGetProviderPath(LPGUID lpProviderId, WCHAR *lpszProviderDllPath,
                              LPINT lpProviderDllPathLen, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUGetProviderPath(lpProviderId, lpszProviderDllPath,
                                                       lpProviderDllPathLen, lpErrno);
}

SOCKET WSPAPI WPUModifyIFSHandle(DWORD dwCatalogEntryId, SOCKET ProposedHandle, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUModifyIFSHandle(dwCatalogEntryId, ProposedHandle, lpErrno);
}

WINBOOL WSPAPI WPUPostMessage(HWND hWnd, UINT Msg, WPARAM wParam, LPARAM lParam)
{
  return upcall_table_in_force()->lpWPUPostMessage(hWnd, Msg, wParam, lParam);
}

/* A real Ws2_32 does not know the hooks that were set through this DLL (D10). */
OUT_OF_LINE static int by_name_query_other_table(DWORD id, LPBLOCKINGCALLBACK *callback,
                                                 PDWORD_PTR context, LPINT lpErrno)
{
  const WSPUPCALLTABLE *table = blocking_has_hook() ? &upcall_table : upcall_table_in_force();

  return table->lpWPUQueryBlockingCallback(id, callback, context, lpErrno);
}

int WSPAPI WPUQueryBlockingCallback(DWORD dwCatalogEntryId, LPBLOCKINGCALLBACK *lplpfnCallback,
                                    PDWORD_PTR lpdwContext, LPINT lpErrno)
{
  if (upcall_table_in_force() != &upcall_table)
    return by_name_query_other_table(dwCatalogEntryId, lplpfnCallback, lpdwContext, lpErrno);
  return upcall_query_blocking_callback(dwCatalogEntryId, lplpfnCallback, lpdwContext, lpErrno);
}

int WSPAPI WPUQuerySocketHandleContext(SOCKET s, PDWORD_PTR lpContext, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUQuerySocketHandleContext(s, lpContext, lpErrno);
}

int WSPAPI WPUQueueApc(LPWSATHREADID lpThreadId, LPWSAUSERAPC lpfnUserApc, DWORD_PTR dwContext,
                       LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUQueueApc(lpThreadId, lpfnUserApc, dwContext, lpErrno);
}

WINBOOL WSPAPI WPUResetEvent(WSAEVENT hEvent, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUResetEvent(hEvent, lpErrno);
}

WINBOOL WSPAPI WPUSetEvent(WSAEVENT hEvent, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUSetEvent(hEvent, lpErrno);
}

int WSPAPI WPUOpenCurrentThread(LPWSATHREADID lpThreadId, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUOpenCurrentThread(lpThreadId, lpErrno);
}

int WSPAPI WPUCloseThread(LPWSATHREADID lpThreadId, LPINT lpErrno)
{
  return upcall_table_in_force()->lpWPUCloseThread(lpThreadId, lpErrno);
}

/* This one is in no table: a real Ws2_32 exports it. */
int WSPAPI WPUCompleteOverlappedRequest(SOCKET s, LPWSAOVERLAPPED lpOverlapped, DWORD dwError,
                                        DWORD cbTransferred, LPINT lpErrno)
{
  return upcall_complete_overlapped_request(s, lpOverlapped, dwError, cbTransferred, lpErrno);
}
