/* Operations begun by a query, as a provider has them, with their hooks and with cancels by other
 * threads. */
#include "soak/soak.h"

enum plan {
  QUIET,
  CANCEL,
  AGAIN,
  CANCEL_ANOTHER,
  NEST,
  EXIT,
  PLANS,
  CALLBACKS_AT_MOST = 4,
  ENTRIES = 3
};

void act_cancel_another(struct soak_slot *slot)
{
  const unsigned victim = soak_random(slot, SOAK_THREADS);
  const DWORD id = (DWORD)world.slots[victim].thread_id;
  LPINT error = soak_scratch(slot, sizeof *error);
  const LONG before = ledger_now();
  const int result = dll.Ws2SpiCancelBlockingCall(id, error);
  const LONG after = ledger_now();

  ledger_count(CANCELS_TRIED);
  if (result == 0 && *error == 0)
    ledger_cancel(slot->index, victim, before, after);
  else if (result != SOCKET_ERROR || *error != WSAEINVAL)
    ledger_mistake(slot->index, "a cancel failed with another error", *error);
}

static void cancel_own(struct soak_slot *slot)
{
  ledger_count(OWN_CANCELS);
  slot->operation->by_its_own_hook = TRUE;
  if (dll.WSACancelBlockingCall() != 0)
    ledger_mistake(slot->index, "a hook's cancel was refused", WSAGetLastError());
}

static void must_be_refused(struct soak_slot *slot)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error = 0;

  if (!dll.WSAIsBlocking())
    ledger_mistake(slot->index, "WSAIsBlocking was FALSE in a hook", 0);
  if (dll.WPUQueryBlockingCallback(TCP_ENTRY, &callback, &context, &error) != SOCKET_ERROR ||
      error != WSAEINPROGRESS)
    ledger_mistake(slot->index, "a query in a hook was not refused", error);
}

/* This operation is the thread's last. The next thread of the slot enters its end into the
 * ledger. */
static void exit_thread(void)
{
  ledger_count(EXITS_IN_HOOKS);
  ExitThread(0);
}

static BOOL CALLBACK hook(void)
{
  struct soak_slot *slot = soak_slot();

  ledger_count(HOOK_RUNS);
  slot->hook_runs++;
  slot->operation->alive = slot->operation->last_look;
  switch (slot->plan) {
  case CANCEL:
    cancel_own(slot);
    break;
  case AGAIN:
    slot->operation->last_look = ledger_now();
    return slot->hook_runs < 4;
  case CANCEL_ANOTHER:
    act_cancel_another(slot);
    break;
  case NEST:
    must_be_refused(slot);
    break;
  case EXIT:
    exit_thread();
    break;
  }
  return FALSE;
}

struct answer {
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
};

static void call_back(struct soak_slot *slot, const struct answer *answer)
{
  for (unsigned i = 0; i < CALLBACKS_AT_MOST; i++) {
    ledger_count(CALLBACKS);
    slot->operation->last_look = ledger_now();
    if (!answer->callback(answer->context)) {
      slot->operation->was_cancelled = TRUE;
      if (answer->callback(answer->context))
        ledger_mistake(slot->index, "a cancelled operation went on", 0);
      return;
    }
    slot->operation->alive = slot->operation->last_look;
    if (slot->operation->by_its_own_hook)
      ledger_mistake(slot->index, "a hook's cancel was lost", 0);
  }
}

void act_queried_operation(struct soak_slot *slot)
{
  struct answer *in_scratch = soak_scratch(slot, sizeof *in_scratch);
  const DWORD entries[ENTRIES] = {TCP_ENTRY, world.handle_entry, world.started_entry};
  struct answer answer;
  int error = -1;

  ledger_count(QUERIED_OPERATIONS);
  /* Few operations end their thread, because a new thread costs more than everything else. */
  slot->plan = soak_random(slot, soak_random(slot, 4) == 0 ? PLANS : EXIT);
  slot->hook_runs = 0;
  if (dll.WSASetBlockingHook((FARPROC)(void *)hook) == NULL) {
    ledger_mistake(slot->index, "a hook was refused", WSAGetLastError());
    return;
  }
  slot->operation = ledger_begin_operation(slot->index);
  if (dll.WPUQueryBlockingCallback(entries[soak_random(slot, ENTRIES)], &in_scratch->callback,
                                   &in_scratch->context, &error) == 0) {
    answer = *in_scratch; /* hooks need the scratch */
    call_back(slot, &answer);
  } else {
    ledger_mistake(slot->index, "a query was refused", error);
  }
  if (dll.WSAUnhookBlockingHook() != 0)
    ledger_mistake(slot->index, "a hook could not be removed", WSAGetLastError());
  slot->operation->over = ledger_now();
  slot->operation = NULL;
}
