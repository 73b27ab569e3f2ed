/* WSPAsyncSelect. The layer below posts to a window of this layer, with the lower handle. The
 * window procedure posts the message to the client's window, with the upper handle. */
#include "procedures.h"

#include "async_message.h"

/* --- the window ----------------------------------------------------------------------- */

static const WCHAR class_name[] = L"nonifs_async_select";

/* Lock: over both. It is held while the window is made, so that two threads do not make two. The
 * thread of the window never takes it. */
static SRWLOCK lock = SRWLOCK_INIT;
static HANDLE thread;
static HWND window;

/* A message may still arrive after the client has changed its registration. */
static void repost(UINT code, SOCKET lower, LPARAM what)
{
  const WSPUPCALLTABLE upcalls = current_upcalls();
  struct layered_socket *const socket = socket_acquire_by_message(lower, code);
  struct async_select client;

  if (socket == NULL)
    return;
  client = socket_async_select(socket);
  if ((client.events & WSAGETSELECTEVENT(what)) != 0)
    upcalls.lpWPUPostMessage(client.window, client.message, (WPARAM)socket->upper, what);
  socket_release(socket);
}

static LRESULT CALLBACK procedure(HWND self, UINT message, WPARAM word, LPARAM what)
{
  if (message >= FIRST_CODE && message < FIRST_CODE + CODES) {
    repost(message, (SOCKET)word, what);
    return 0;
  }
  if (message == WM_DESTROY)
    PostQuitMessage(0);
  return DefWindowProcW(self, message, word, what);
}

static HINSTANCE own_module(void)
{
  HMODULE module = NULL;

  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                         GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                     class_name, &module);
  return module;
}

static HWND make_window(void)
{
  const WNDCLASSW description = {
      .lpfnWndProc = procedure, .hInstance = own_module(), .lpszClassName = class_name};

  RegisterClassW(&description);
  return CreateWindowExW(0, class_name, L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL,
                         description.hInstance, NULL);
}

static DWORD WINAPI run_window(LPVOID made)
{
  MSG message;

  window = make_window();
  SetEvent(made);
  while (window != NULL && GetMessageW(&message, NULL, 0, 0) > 0)
    DispatchMessageW(&message);
  UnregisterClassW(class_name, own_module());
  return 0;
}

/* Called under the lock. */
static void start_window(void)
{
  const HANDLE made = CreateEventW(NULL, TRUE, FALSE, NULL);

  thread = made == NULL ? NULL : CreateThread(NULL, 0, run_window, made, 0, NULL);
  if (thread != NULL)
    WaitForSingleObject(made, INFINITE);
  if (made != NULL)
    CloseHandle(made);
  if (window != NULL || thread == NULL)
    return;
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  thread = NULL;
}

static HWND our_window(void)
{
  HWND found;

  AcquireSRWLockExclusive(&lock);
  if (window == NULL)
    start_window();
  found = window;
  ReleaseSRWLockExclusive(&lock);
  return found;
}

void async_select_stop(void)
{
  AcquireSRWLockExclusive(&lock);
  if (window != NULL) {
    PostMessageW(window, WM_CLOSE, 0, 0);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    window = NULL;
    thread = NULL;
  }
  ReleaseSRWLockExclusive(&lock);
}

/* --- registrations -------------------------------------------------------------------- */

/* The client's registration is stored first, because a message may come before the call returns. */
static int register_below(struct layered_socket *socket, const struct async_select *select,
                          LPINT error)
{
  const struct async_select before = socket_async_select(socket);
  const HWND target = our_window();
  int result;

  if (target == NULL) {
    *error = WSAENETDOWN;
    return SOCKET_ERROR;
  }
  socket_set_async_select(socket, select);
  result = socket->layer->next.lpWSPAsyncSelect(
      socket->lower, target, async_message_code(socket->index), select->events, error);
  if (result != 0)
    socket_set_async_select(socket, &before);
  return result;
}

int WSPAPI layer_async_select(SOCKET s, HWND client_window, unsigned int message, long events,
                              LPINT error)
{
  const struct async_select select = {client_window, message, events};
  struct call call;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  if (events == 0 || IsWindow(client_window))
    return call_end(&call, register_below(call.socket, &select, error));
  *error = WSAEINVAL;
  return call_end(&call, SOCKET_ERROR);
}

/* An event needs no translation. The call replaces an earlier WSPAsyncSelect. */
int WSPAPI layer_event_select(SOCKET s, WSAEVENT event, long events, LPINT error)
{
  const struct async_select none = {NULL, 0, 0};
  struct call call;
  int result;

  if (!call_begin(&call, s, error))
    return SOCKET_ERROR;
  result = call.next->lpWSPEventSelect(call.lower, event, events, error);
  if (result == 0)
    socket_set_async_select(call.socket, &none);
  return call_end(&call, result);
}

/* In the layer below the accepted socket has inherited the registration, but its messages have the
 * number of the listener, and the first may have come before this layer knew the socket.
 * Registering again reports the present state. */
void async_select_inherit(struct layered_socket *socket, struct layered_socket *listener)
{
  const struct async_select select = socket_async_select(listener);
  int ignored;

  if (select.events != 0)
    register_below(socket, &select, &ignored);
}
