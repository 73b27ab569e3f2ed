/* Handles of WPUCreateSocketHandle, which all threads make, look up and close, and requests on
 * them, which one thread completes and another takes from the completion port. */
#include "soak/soak.h"
#include "support/on_wine.h"

/* Contexts carry a mark, so that a look-up can tell a context from any other value. */
enum { SHARED = 256, MARK = 0x5AC00000, MARK_BITS = 0x7FF00000 };

static volatile SOCKET shared[SHARED]; /* 0: none */
static volatile LONG next_context;

static SOCKET exchange(volatile SOCKET *place, SOCKET value)
{
  return (SOCKET)InterlockedExchangePointer((PVOID volatile *)place, (PVOID)value);
}

static SOCKET make(struct soak_slot *slot)
{
  const DWORD_PTR context = (DWORD_PTR)MARK | (InterlockedIncrement(&next_context) & 0xFFFFF);
  int error = 0;
  const SOCKET s = dll.WPUCreateSocketHandle(world.handle_entry, context, &error);

  if (s == INVALID_SOCKET)
    ledger_mistake(slot->index, "a socket handle could not be made", error);
  else
    ledger_count(HANDLES_MADE);
  return s;
}

static void close_handle(struct soak_slot *slot, SOCKET s)
{
  int error = 0;

  if (dll.WPUCloseSocketHandle(s, &error) != 0)
    ledger_mistake(slot->index, "a socket handle could not be closed", error);
  else
    ledger_count(HANDLES_CLOSED);
}

static void look_up(struct soak_slot *slot, SOCKET s)
{
  PDWORD_PTR context = soak_scratch(slot, sizeof *context);
  int error = 0;

  *context = 0;
  if (dll.WPUQuerySocketHandleContext(s, context, &error) == 0) {
    ledger_count(HANDLES_LOOKED_UP);
    if ((*context & ~(DWORD_PTR)0xFFFFF) != (DWORD_PTR)MARK)
      ledger_mistake(slot->index, "a context that no slot set", 0);
  } else if (error == WSAENOTSOCK) {
    ledger_count(HANDLES_GONE);
  } else {
    ledger_mistake(slot->index, "a look-up failed with another error", error);
  }
}

/* Sometimes a handle seen long ago, which may be closed or belong to another object by now. */
static SOCKET choose_for_look_up(struct soak_slot *slot, SOCKET seen)
{
  const SOCKET remembered = slot->remembered;

  if (remembered == 0 || soak_random(slot, 8) == 0)
    slot->remembered = seen;
  return remembered != 0 && soak_random(slot, 2) ? remembered : seen;
}

static void replace(struct soak_slot *slot, volatile SOCKET *place, SOCKET seen)
{
  const SOCKET fresh = seen == 0 ? make(slot) : 0;
  const SOCKET old = fresh == INVALID_SOCKET ? 0 : exchange(place, fresh);

  if (old != 0)
    close_handle(slot, old);
}

void act_socket_handles(struct soak_slot *slot)
{
  volatile SOCKET *place = &shared[soak_random(slot, SHARED)];
  const SOCKET seen = *place;

  if (seen != 0 && soak_random(slot, 4) != 0)
    look_up(slot, choose_for_look_up(slot, seen));
  else
    replace(slot, place, seen);
}

void socket_handles_clean_up(void)
{
  for (unsigned i = 0; i < SHARED; i++) {
    const SOCKET s = exchange(&shared[i], 0);

    if (s != 0)
      close_handle(&world.slots[0], s);
  }
}

/* --- requests ---------------------------------------------------------------------------------- */

static void submit_and_complete(struct soak_slot *slot)
{
  LPWSAOVERLAPPED overlapped = guarded_allocate(sizeof *overlapped);
  const SOCKET s = make(slot);
  const DWORD failure = soak_random(slot, 2) ? WSAECONNRESET : 0;
  int error = 0;

  if (CreateIoCompletionPort((HANDLE)s, world.port, (ULONG_PTR)s, 0) != world.port)
    ledger_mistake(slot->index, "no port for the handle", (int)GetLastError());
  overlapped->Internal = (DWORD)WSS_OPERATION_IN_PROGRESS;
  ledger_count(COMPLETIONS);
  if (dll.WPUCompleteOverlappedRequest(s, overlapped, failure, failure != 0 ? 0 : 100, &error) != 0)
    ledger_mistake(slot->index, "a request could not be completed", error);
}

/* At least as many packets are queued as threads wait here. */
static void take_packet(struct soak_slot *slot)
{
  LPOVERLAPPED overlapped = NULL;
  ULONG_PTR s = 0;
  DWORD bytes = 0;
  const BOOL good = GetQueuedCompletionStatus(world.port, &bytes, &s, &overlapped, INFINITE);

  if (overlapped == NULL) {
    ledger_mistake(slot->index, "no packet", (int)GetLastError());
    return;
  }
  ledger_count(PACKETS);
  /* On Windows a failure has the packet of a success (src/sockets/iocp_post.c). */
  if (good != (overlapped->Internal == 0 || !on_wine()) ||
      bytes != (overlapped->Internal == 0 ? 100 : 0))
    ledger_mistake(slot->index, "a packet that does not match its request", (int)bytes);
  close_handle(slot, (SOCKET)s);
  guarded_free(overlapped);
}

void act_completion(struct soak_slot *slot)
{
  submit_and_complete(slot);
  take_packet(slot);
}
