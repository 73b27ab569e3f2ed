/* Sixty-four threads do everything at once, for a limited number of actions each. Then the ledger
 * must balance: every cancel is accounted for, and nothing is left. One run uses the catalog in
 * memory, and a shorter one a catalog in the registry.
 *
 * usage: soak [ACTIONS [SEED]]     actions of each thread; the seed is printed */
#include "support/cmocka_headers.h"

#include "injection/test_registry.h"
#include "soak/soak.h"
#include "support/machine_registry.h"
#include "support/on_wine.h"
#include "support/process_resources.h"

#include <stdio.h>
#include <wchar.h>

enum { ACTIONS = 800, FEWER = 4, WARM_UP = 50 };

struct soak_world world;

static DWORD slot_key;
static unsigned actions = ACTIONS;
static uint32_t seed = 1;

unsigned soak_random(struct soak_slot *slot, unsigned below)
{
  slot->seed = slot->seed * 1664525u + 1013904223u;
  return (slot->seed >> 8) % below;
}

void *soak_scratch(struct soak_slot *slot, size_t bytes)
{
  return slot->scratch + SCRATCH - bytes;
}

struct soak_slot *soak_slot(void)
{
  return TlsGetValue(slot_key);
}

/* --- threads ------------------------------------------------------------------------------------ */

static void act(struct soak_slot *slot)
{
  static void (*const acts[])(struct soak_slot *) = {
      act_queried_operation, act_queried_operation, act_queried_operation,
      act_cancel_another,    act_cancel_another,    act_cancel_another,
      act_cancel_another,    act_blocking_receive,  act_overlapped_receive,
      act_socket_handles,    act_socket_handles,    act_completion,
      act_catalog,           act_catalog,           act_providers,
      act_winsock_start,
  };

  ledger_count(ACTIONS_DONE);
  acts[soak_random(slot, sizeof acts / sizeof acts[0])](slot);
}

static DWORD WINAPI live(void *parameter)
{
  struct soak_slot *slot = parameter;

  TlsSetValue(slot_key, slot);
  InterlockedExchange(&slot->thread_id, (LONG)GetCurrentThreadId());
  while (slot->actions_left-- > 0)
    act(slot);
  return 0;
}

/* Handles of ended threads are kept until the end, so that no thread gets the id of an earlier one,
 * which a cancel may still name. */
struct threads {
  HANDLE running[SOAK_THREADS];
  HANDLE *ended;
  unsigned ended_count;
};

static HANDLE start(struct soak_slot *slot)
{
  ledger_count(THREADS_STARTED);
  return CreateThread(NULL, 0, live, slot, 0, NULL);
}

/* If the thread ended inside its last operation, no cancel can reach that any more. */
static void note_end(struct soak_slot *slot)
{
  ledger_count(THREADS_ENDED);
  if (slot->operation != NULL)
    slot->operation->over = ledger_now();
  slot->operation = NULL;
}

/* Runs until every slot has done its actions. */
static void run_threads(struct threads *threads)
{
  unsigned slots[SOAK_THREADS];
  unsigned count = SOAK_THREADS;

  for (unsigned i = 0; i < SOAK_THREADS; i++) {
    slots[i] = i;
    threads->running[i] = start(&world.slots[i]);
    assert_non_null(threads->running[i]);
  }
  while (count > 0) {
    const DWORD which = WaitForMultipleObjects(count, threads->running, FALSE, INFINITE);
    struct soak_slot *slot;

    assert_true(which < count);
    slot = &world.slots[slots[which]];
    note_end(slot);
    threads->ended[threads->ended_count++] = threads->running[which];
    if (slot->actions_left >= 0) { /* it ended inside a hook */
      threads->running[which] = start(slot);
      assert_non_null(threads->running[which]);
    } else {
      count--;
      threads->running[which] = threads->running[count];
      slots[which] = slots[count];
    }
  }
}

/* --- a run --------------------------------------------------------------------------------------- */

static void make_slots(unsigned actions_each)
{
  world.slots = calloc(SOAK_THREADS, sizeof *world.slots);
  for (unsigned i = 0; i < SOAK_THREADS; i++) {
    struct soak_slot *slot = &world.slots[i];

    slot->index = i;
    slot->seed = seed * 2654435761u + i * 40503u;
    slot->actions_left = (LONG)actions_each;
    slot->scratch = guarded_allocate(SCRATCH);
    assert_non_null(slot->scratch);
    slot->socket = INVALID_SOCKET;
    slot->provider_id = (GUID){0x50a40000u + i, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
  }
}

static void free_slots(void)
{
  for (unsigned i = 0; i < SOAK_THREADS; i++)
    guarded_free(world.slots[i].scratch);
  free(world.slots);
}

static void must_succeed(int result, const int *error, const char *what)
{
  if (result != 0)
    fail_msg("%s failed with %d", what, *error);
}

static void find_lsp(void)
{
  GetModuleFileNameW(NULL, world.lsp_path, MAX_PATH);
  wcscpy(wcsrchr(world.lsp_path, L'\\') + 1, L"soak_lsp.dll");
}

static void make_world(unsigned actions_each, DWORD store)
{
  WSADATA data;
  int error = 0;

  make_slots(actions_each);
  find_lsp();
  must_succeed(dll.Ws2SpiOpenCatalog(store, &error), &error, "Ws2SpiOpenCatalog");
  error = dll.WSAStartup(MAKEWORD(1, 1), &data);
  must_succeed(error, &error, "WSAStartup");
  must_succeed(dll.Ws2SpiStartProvider(TCP_ENTRY, &world.base, &error), &error,
               "Ws2SpiStartProvider");
  world.handle_entry = providers_register(&world.slots[0], 0);
  world.started_entry = providers_register(&world.slots[0], XP1_IFS_HANDLES);
  assert_true(providers_start(&world.slots[0], world.started_entry));
  world.port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
  assert_non_null(world.port);
}

static void unregister(DWORD id)
{
  int error = 0;

  must_succeed(dll.Ws2SpiUnregisterProvider(id, &error), &error, "Ws2SpiUnregisterProvider");
  ledger_count(UNREGISTRATIONS);
}

static void unmake_world(void)
{
  int error = 0;

  for (unsigned i = 0; i < SOAK_THREADS; i++) {
    base_clean_up(&world.slots[i]);
    catalog_clean_up(&world.slots[i]);
  }
  socket_handles_clean_up();
  CloseHandle(world.port);
  providers_stop(&world.slots[0], world.started_entry);
  unregister(world.started_entry);
  unregister(world.handle_entry);
  must_succeed(dll.Ws2SpiStopProvider(TCP_ENTRY, &error), &error, "Ws2SpiStopProvider");
  if (dll.WSACleanup() != 0)
    fail_msg("WSACleanup failed with %d", WSAGetLastError());
  free_slots();
}

static void close_threads(struct threads *threads)
{
  for (unsigned i = 0; i < threads->ended_count; i++)
    CloseHandle(threads->ended[i]);
  free(threads->ended);
}

static void run(unsigned actions_each, DWORD store)
{
  struct threads threads = {{NULL}, NULL, 0};

  threads.ended = calloc(SOAK_THREADS * ((size_t)actions_each + 1), sizeof *threads.ended);
  ledger_begin(SOAK_THREADS, actions_each);
  dll_load();
  make_world(actions_each, store);
  run_threads(&threads);
  unmake_world();
  dll_free();
  close_threads(&threads);
}

static void assert_pair(enum ledger_kind begun, enum ledger_kind ended)
{
  assert_int_equal(ledger_counted(begun), ledger_counted(ended));
}

static struct cancel_balance assert_cancels_balance(void)
{
  const struct cancel_balance balance = ledger_balance();

  printf(
      "  cancels accepted %u = ended an operation %u + operation already cancelled %u + operation "
      "already complete %u\n",
      balance.sent, balance.seen, balance.again, balance.lost);
  assert_int_equal(balance.missing, 0);
  assert_int_equal(balance.astray, 0);
  assert_int_equal(balance.sent, balance.seen + balance.again + balance.lost);
  assert_true(balance.seen > 0);
  return balance;
}

static struct cancel_balance assert_ledger_balances(unsigned actions_each)
{
  ledger_print();
  assert_int_equal(ledger_mistakes(), 0);
  assert_int_equal(ledger_counted(ACTIONS_DONE), SOAK_THREADS * actions_each);
  for (enum ledger_kind kind = 0; kind < LEDGER_KIND_COUNT; kind++)
    assert_true(ledger_counted(kind) > 0);
  assert_pair(THREADS_STARTED, THREADS_ENDED);
  assert_int_equal(ledger_counted(THREADS_STARTED), ledger_counted(EXITS_IN_HOOKS) + SOAK_THREADS);
  assert_pair(HANDLES_MADE, HANDLES_CLOSED);
  assert_pair(COMPLETIONS, PACKETS);
  assert_pair(INSTALLS, DEINSTALLS);
  assert_pair(REGISTRATIONS, UNREGISTRATIONS);
  assert_pair(STARTS, STOPS);
  assert_pair(STARTUPS_SEEN, CLEANUPS_SEEN);
  assert_pair(DLL_LOADS, DLL_UNLOADS);
  return assert_cancels_balance();
}

struct resources {
  size_t handles;
  size_t threads;
};

static struct resources count_resources(void)
{
  const struct resources resources = {open_handles(), running_threads()};

  return resources;
}

static void assert_nothing_is_left(const struct resources *before)
{
  const struct resources after = count_resources();

  printf("  handles before and after: %u, %u; threads: %u, %u\n", (unsigned)before->handles,
         (unsigned)after.handles, (unsigned)before->threads, (unsigned)after.threads);
  printf("  memory blocks: %ld allocated, %ld left, %ld overwritten\n", guarded_blocks_made(),
         guarded_blocks(), guarded_damages());
  assert_int_equal(guarded_damages(), 0);
  assert_int_equal(guarded_blocks(), 0);
  assert_true(before->handles > 0);
  assert_int_equal(after.handles, before->handles);
  assert_int_equal(after.threads, before->threads);
}

/* The first run allocates what the system never frees, and is not counted. */
static struct cancel_balance soak(unsigned actions_each, DWORD store)
{
  struct cancel_balance balance;
  struct resources before;

  run(WARM_UP, store);
  ledger_free();
  before = count_resources();
  printf("seed %lu, %u actions per thread\n", (unsigned long)seed, actions_each);
  run(actions_each, store);
  balance = assert_ledger_balances(actions_each);
  assert_nothing_is_left(&before);
  ledger_free();
  return balance;
}

static void sixty_four_threads_at_once_leave_nothing_and_lose_no_cancel(void **state)
{
  const struct cancel_balance balance = soak(actions, WS2SPI_CATALOG_MEMORY);

  assert_true(balance.again > 0 && balance.lost > 0);
}

static void sixty_four_threads_over_the_registry_do_so_too(void **state)
{
  if (!on_wine()) {
    print_message("ws2spi.dll writes the registry's catalog on Wine only\n");
    skip();
  }
  machine_registry_give_up();
  test_registry_delete();
  soak(actions / FEWER, WS2SPI_CATALOG_REGISTRY);
  test_registry_delete();
}

int main(int count, char **arguments)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sixty_four_threads_at_once_leave_nothing_and_lose_no_cancel),
      cmocka_unit_test(sixty_four_threads_over_the_registry_do_so_too),
  };

  if (count > 1)
    actions = (unsigned)strtoul(arguments[1], NULL, 0);
  if (count > 2)
    seed = (uint32_t)strtoul(arguments[2], NULL, 0);
  slot_key = TlsAlloc();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
