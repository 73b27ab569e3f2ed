#include "procedures.h"

#include <stdlib.h>

/* A fiber-local slot, because a blocking hook may switch fibers. */
static DWORD innermost = FLS_OUT_OF_INDEXES;

static void release_sockets(struct call *call)
{
  if (call->socket != NULL)
    socket_release(call->socket);
  for (unsigned i = 0; i < call->count; i++)
    socket_release(call->many[i]);
  free(call->many);
}

/* The fiber ends inside its calls. Its stack still exists. */
static void CALLBACK abandon(PVOID value)
{
  for (struct call *call = value; call != NULL; call = call->outer)
    release_sockets(call);
}

static BOOL CALLBACK allocate(PINIT_ONCE once, PVOID unused, PVOID *also_unused)
{
  (void)once, (void)unused, (void)also_unused;
  innermost = FlsAlloc(abandon);
  return innermost != FLS_OUT_OF_INDEXES;
}

bool calls_start(void)
{
  static INIT_ONCE once = INIT_ONCE_STATIC_INIT;

  return InitOnceExecuteOnce(&once, allocate, NULL, NULL);
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);

/* `reserved` is not NULL at process end, when nothing needs to be freed. */
BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
  (void)module;
  if (reason == DLL_PROCESS_DETACH && reserved == NULL && innermost != FLS_OUT_OF_INDEXES)
    FlsFree(innermost);
  return TRUE;
}

static void enter(struct call *call, struct layer *layer)
{
  call->layer = layer;
  call->next = &layer->next;
  call->outer = FlsGetValue(innermost);
  FlsSetValue(innermost, call);
}

bool call_begin(struct call *call, SOCKET s, LPINT error)
{
  *call = (struct call){.socket = socket_acquire(s)};
  *error = call->socket == NULL ? WSAENOTSOCK : 0;
  if (call->socket == NULL)
    return false;
  call->lower = call->socket->lower;
  enter(call, call->socket->layer);
  return true;
}

bool call_begin_without_socket(struct call *call, struct layer *layer, LPINT error)
{
  *call = (struct call){.lower = INVALID_SOCKET};
  *error = layer->starts == 0 || layer->stopping ? WSAENETDOWN : 0;
  if (*error != 0)
    return false;
  enter(call, layer);
  return true;
}

void call_begin_with_many(struct call *call, struct layered_socket **many, unsigned count)
{
  *call = (struct call){.lower = INVALID_SOCKET, .many = many, .count = count};
  enter(call, many[0]->layer);
}

int call_end(struct call *call, int result)
{
  FlsSetValue(innermost, call->outer);
  release_sockets(call);
  return result;
}

bool call_is_inside(const struct layer *layer)
{
  const struct call *call = FlsGetValue(innermost);

  while (call != NULL && call->layer != layer)
    call = call->outer;
  return call != NULL;
}

/* The thread's blocking call is in a layer below, which decides whether it can be cancelled
 * (ws2spi/nc-ws2spi-lpwspcancelblockingcall). */
int layer_cancel_blocking_call(struct layer *layer, LPINT error)
{
  if (layer->starts != 0 && call_is_inside(layer))
    return layer->next.lpWSPCancelBlockingCall(error);
  *error = WSAEINVAL;
  return SOCKET_ERROR;
}
