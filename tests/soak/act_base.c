/* Datagrams that a thread sends to itself through the base provider. They are received overlapped,
 * or in a blocking call that the thread's hook or another thread may end. */
#include "soak/soak.h"

#include <string.h>
#include <ws2tcpip.h>

enum plan { SEND, SEND_LATER, CANCEL, EXIT, PLANS, DATAGRAM = 8 };

static BOOL connect_to_itself(struct soak_slot *slot, SOCKET s)
{
  SOCKADDR_IN address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int length = sizeof address;
  int error = 0;

  if (world.base.lpWSPBind(s, (SOCKADDR *)&address, sizeof address, &error) == 0 &&
      world.base.lpWSPGetSockName(s, (SOCKADDR *)&address, &length, &error) == 0 &&
      world.base.lpWSPConnect(s, (SOCKADDR *)&address, length, NULL, NULL, NULL, NULL, &error) == 0)
    return TRUE;
  ledger_mistake(slot->index, "a socket could not be connected", error);
  return FALSE;
}

static BOOL has_socket(struct soak_slot *slot)
{
  int error = 0;

  if (slot->socket != INVALID_SOCKET)
    return TRUE;
  slot->socket = world.base.lpWSPSocket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, NULL, 0,
                                        WSA_FLAG_OVERLAPPED, &error);
  if (slot->socket == INVALID_SOCKET) {
    ledger_mistake(slot->index, "no socket", error);
    return FALSE;
  }
  if (connect_to_itself(slot, slot->socket))
    return TRUE;
  base_clean_up(slot);
  return FALSE;
}

void base_clean_up(struct soak_slot *slot)
{
  int error = 0;

  if (slot->socket == INVALID_SOCKET)
    return;
  if (world.base.lpWSPCloseSocket(slot->socket, &error) != 0)
    ledger_mistake(slot->index, "a socket could not be closed", error);
  slot->socket = INVALID_SOCKET;
}

static void send_to_itself(struct soak_slot *slot)
{
  char text[DATAGRAM] = "datagram";
  WSABUF buffer = {DATAGRAM, text};
  DWORD sent = 0;
  int error = 0;

  if (world.base.lpWSPSend(slot->socket, &buffer, 1, &sent, 0, NULL, NULL, NULL, &error) != 0)
    ledger_mistake(slot->index, "a datagram could not be sent", error);
}

/* The received datagram ends the call, even if a cancel arrived while it was being sent. So only a
 * cancel that came before this run was decided on, at the end of the last run, must be noticed. */
static BOOL CALLBACK hook(void)
{
  struct soak_slot *slot = soak_slot();

  ledger_count(HOOK_RUNS);
  slot->hook_runs++;
  slot->operation->alive = slot->operation->last_look;
  if (slot->plan == CANCEL) {
    ledger_count(OWN_CANCELS);
    slot->operation->by_its_own_hook = TRUE;
    if (dll.WSACancelBlockingCall() != 0)
      ledger_mistake(slot->index, "a hook's cancel was refused", WSAGetLastError());
  } else if (slot->plan == EXIT) {
    ledger_count(EXITS_IN_HOOKS);
    ExitThread(0);
  } else if (slot->plan == SEND || slot->hook_runs == 3) {
    send_to_itself(slot);
    slot->plan = SEND_LATER;
  } else if (slot->hook_runs < 3) {
    slot->operation->last_look = ledger_now();
  }
  return slot->hook_runs < 3;
}

static void receive(struct soak_slot *slot)
{
  WSABUF buffer = {DATAGRAM, soak_scratch(slot, DATAGRAM)};
  DWORD received = 0;
  DWORD flags = 0;
  int error = 0;

  if (world.base.lpWSPRecv(slot->socket, &buffer, 1, &received, &flags, NULL, NULL, NULL, &error) ==
      0) {
    if (received != DATAGRAM || memcmp(buffer.buf, "datagram", DATAGRAM) != 0)
      ledger_mistake(slot->index, "a wrong datagram", (int)received);
    slot->operation->by_its_own_hook = FALSE;
  } else if (error == WSAEINTR) {
    slot->operation->was_cancelled = TRUE;
  } else {
    ledger_mistake(slot->index, "a receive failed", error);
  }
}

void act_blocking_receive(struct soak_slot *slot)
{
  if (!has_socket(slot))
    return;
  ledger_count(BASE_RECEIVES);
  slot->plan = soak_random(slot, soak_random(slot, 8) == 0 ? PLANS : EXIT);
  slot->hook_runs = 0;
  if (dll.WSASetBlockingHook((FARPROC)(void *)hook) == NULL) {
    ledger_mistake(slot->index, "a hook was refused", WSAGetLastError());
    return;
  }
  slot->operation = ledger_begin_operation(slot->index);
  receive(slot);
  if (dll.WSAUnhookBlockingHook() != 0)
    ledger_mistake(slot->index, "a hook could not be removed", WSAGetLastError());
  slot->operation->over = ledger_now();
  slot->operation = NULL;
}

static void wait_for_result(struct soak_slot *slot, LPWSAOVERLAPPED overlapped)
{
  DWORD received = 0;
  DWORD flags = 0;
  int error = 0;

  WaitForSingleObject(overlapped->hEvent, INFINITE);
  if (!world.base.lpWSPGetOverlappedResult(slot->socket, overlapped, &received, FALSE, &flags,
                                           &error) ||
      received != DATAGRAM)
    ledger_mistake(slot->index, "an overlapped receive failed", error);
}

void act_overlapped_receive(struct soak_slot *slot)
{
  LPWSAOVERLAPPED overlapped;
  WSABUF buffer = {DATAGRAM, soak_scratch(slot, DATAGRAM)};
  DWORD flags = 0;
  int error = 0;

  if (!has_socket(slot))
    return;
  ledger_count(OVERLAPPED_RECEIVES);
  overlapped = guarded_allocate(sizeof *overlapped);
  overlapped->hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
  if (world.base.lpWSPRecv(slot->socket, &buffer, 1, NULL, &flags, overlapped, NULL, NULL,
                           &error) != 0 &&
      error != WSA_IO_PENDING)
    ledger_mistake(slot->index, "an overlapped receive was refused", error);
  send_to_itself(slot);
  wait_for_result(slot, overlapped);
  CloseHandle(overlapped->hEvent);
  guarded_free(overlapped);
}
