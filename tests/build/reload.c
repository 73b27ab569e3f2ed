/* A process loads the DLL, uses it and frees it, many times. The program imports nothing from the
 * DLL. */
#include "support/cmocka_headers.h"

#include "support/fake_provider.h"
#include "support/process_resources.h"

#include <string.h>

enum { PRIMED = 0x5A5A, BASE_TCP = 1001, LOADS = 200, WARM_UP = 5, THREADS = 4 };

struct shim {
  HMODULE module;
  FARPROC(WSAAPI *set_hook)(FARPROC);
  int(WSAAPI *unhook)(void);
  LPWPUQUERYBLOCKINGCALLBACK query;
  LPWSCENUMPROTOCOLS enumerate;
  int(WSPAPI *start)(DWORD, LPWSPPROC_TABLE, LPINT);
  int(WSPAPI *stop)(DWORD, LPINT);
};

static INT_PTR CALLBACK empty_hook(void)
{
  return FALSE;
}

static void find(const struct shim *shim, void *pointer, const char *name)
{
  const FARPROC found = GetProcAddress(shim->module, name);

  memcpy(pointer, &found, sizeof found);
}

static struct shim load(void)
{
  struct shim shim = {.module = LoadLibraryW(L"ws2spi.dll")};

  find(&shim, &shim.set_hook, "WSASetBlockingHook");
  find(&shim, &shim.unhook, "WSAUnhookBlockingHook");
  find(&shim, &shim.query, "WPUQueryBlockingCallback");
  find(&shim, &shim.enumerate, "WSCEnumProtocols");
  find(&shim, &shim.start, "Ws2SpiStartProvider");
  find(&shim, &shim.stop, "Ws2SpiStopProvider");
  return shim;
}

static BOOL is_loaded(void)
{
  return GetModuleHandleW(L"ws2spi.dll") != NULL;
}

/* Whether a query returns a callback; -1 if it fails. */
static int has_callback(const struct shim *shim)
{
  LPBLOCKINGCALLBACK callback = NULL;
  DWORD_PTR context = PRIMED;
  int error = PRIMED;

  if (shim->query(BASE_TCP, &callback, &context, &error) != 0 || error != PRIMED)
    return -1;
  return callback != NULL;
}

static void check_that_base_starts_and_stops(const struct shim *shim)
{
  WSPPROC_TABLE table;
  int error = PRIMED;

  assert_int_equal(shim->start(BASE_TCP, &table, &error), 0);
  assert_int_equal(error, 0);
  error = PRIMED;
  assert_int_equal(shim->stop(BASE_TCP, &error), 0);
  assert_int_equal(error, 0);
}

static void check_that_it_works(const struct shim *shim)
{
  DWORD bytes = 0;
  int error = PRIMED;

  check_that_base_starts_and_stops(shim);

  assert_int_equal(has_callback(shim), 0);
  assert_non_null(shim->set_hook(empty_hook));
  assert_int_equal(has_callback(shim), 1);
  assert_int_equal(shim->enumerate(NULL, NULL, &bytes, &error), SOCKET_ERROR);
  assert_int_equal(error, WSAENOBUFS);
  assert_int_equal(bytes, 6 * sizeof(WSAPROTOCOL_INFOW));
}

static void load_use_and_free(void)
{
  const struct shim shim = load();

  assert_non_null(shim.module);
  check_that_it_works(&shim);
  assert_true(FreeLibrary(shim.module));
  assert_false(is_loaded());
}

static DWORD next_thread_slot(void)
{
  const DWORD slot = TlsAlloc();

  TlsFree(slot);
  return slot;
}

/* The hook is still set at each FreeLibrary. */
static void many_loads_leave_nothing_behind(void **state)
{
  size_t handles, blocks;
  DWORD slot;

  for (int i = 0; i < WARM_UP; i++)
    load_use_and_free();
  handles = open_handles();
  blocks = heap_blocks();
  slot = next_thread_slot();
  for (int i = 0; i < LOADS; i++)
    load_use_and_free();
  assert_true(handles > 0);
  assert_in_range(open_handles(), 1, handles + LOADS / 10);
  assert_in_range(heap_blocks(), 1, blocks + LOADS / 10);
  assert_int_equal(next_thread_slot(), slot);
}

/* --- threads that are older than the DLL and outlive it ------------------------- */

struct old_thread {
  HANDLE thread, go, done;
  const struct shim *shim; /* the load to use next; NULL: end */
  int before, after;       /* has_callback before and after setting a hook */
};

static DWORD WINAPI use_when_told(void *argument)
{
  struct old_thread *const self = argument;

  for (;;) {
    WaitForSingleObject(self->go, INFINITE);
    if (self->shim == NULL)
      return 0;
    self->before = has_callback(self->shim);
    self->shim->set_hook(empty_hook);
    self->after = has_callback(self->shim);
    SetEvent(self->done);
  }
}

static void start_threads(struct old_thread *threads)
{
  for (int i = 0; i < THREADS; i++) {
    threads[i].go = CreateEventW(NULL, FALSE, FALSE, NULL);
    threads[i].done = CreateEventW(NULL, FALSE, FALSE, NULL);
    threads[i].thread = CreateThread(NULL, 0, use_when_told, &threads[i], 0, NULL);
    assert_non_null(threads[i].thread);
  }
}

static void let_them_use(struct old_thread *threads, const struct shim *shim)
{
  for (int i = 0; i < THREADS; i++) {
    threads[i].shim = shim;
    threads[i].before = threads[i].after = PRIMED;
    SetEvent(threads[i].go);
    assert_int_equal(WaitForSingleObject(threads[i].done, 30000), WAIT_OBJECT_0);
  }
}

static void end_threads(struct old_thread *threads)
{
  for (int i = 0; i < THREADS; i++) {
    threads[i].shim = NULL;
    SetEvent(threads[i].go);
    assert_int_equal(WaitForSingleObject(threads[i].thread, 30000), WAIT_OBJECT_0);
    CloseHandle(threads[i].thread);
    CloseHandle(threads[i].go);
    CloseHandle(threads[i].done);
  }
}

static void check_that_hooks_were_set_again(const struct old_thread *threads)
{
  for (int i = 0; i < THREADS; i++) {
    assert_int_equal(threads[i].before, 0);
    assert_int_equal(threads[i].after, 1);
  }
}

static void use_in_old_threads(struct old_thread *threads)
{
  const struct shim shim = load();

  assert_non_null(shim.module);
  let_them_use(threads, &shim);
  check_that_hooks_were_set_again(threads);
  assert_true(FreeLibrary(shim.module));
  assert_false(is_loaded());
}

/* A hook that was set under one load must not exist under the next. */
static void a_hook_ends_when_the_dll_is_freed(void **state)
{
  struct old_thread threads[THREADS] = {{0}};
  size_t handles, blocks;

  start_threads(threads);
  for (int i = 0; i < WARM_UP; i++)
    use_in_old_threads(threads);
  handles = open_handles();
  blocks = heap_blocks();
  for (int i = 0; i < LOADS; i++)
    use_in_old_threads(threads);
  assert_in_range(open_handles(), 1, handles + LOADS / 10);
  assert_in_range(heap_blocks(), 1, blocks + LOADS / 10);
  end_threads(threads);
}

/* The first 64 thread slots are stored apart from the others. */
static void a_thread_slot_above_64_works_too(void **state)
{
  struct old_thread threads[THREADS] = {{0}};
  DWORD taken[80];

  for (int i = 0; i < 80; i++) {
    taken[i] = TlsAlloc();
    assert_int_not_equal(taken[i], TLS_OUT_OF_INDEXES);
  }
  assert_true(taken[79] > 64);
  start_threads(threads);
  for (int i = 0; i < WARM_UP; i++) {
    load_use_and_free();
    use_in_old_threads(threads);
  }
  end_threads(threads);
  for (int i = 0; i < 80; i++)
    assert_true(TlsFree(taken[i]));
}

static void threads_older_than_the_dll_may_end_while_it_is_loaded(void **state)
{
  struct shim shim = load();
  size_t handles = 0;

  assert_non_null(shim.module);
  FreeLibrary(shim.module);
  for (int i = 0; i < WARM_UP + LOADS / 10; i++) {
    struct old_thread threads[THREADS] = {{0}};

    if (i == WARM_UP)
      handles = open_handles();
    start_threads(threads);
    shim = load();
    assert_non_null(shim.module);
    let_them_use(threads, &shim);
    check_that_hooks_were_set_again(threads);
    end_threads(threads);
    assert_true(FreeLibrary(shim.module));
  }
  assert_in_range(open_handles(), 1, handles + 5);
  assert_false(is_loaded());
}

/* --- objects that a program leaves in use -------------------------------------------------------- */

static BOOL CALLBACK is_not_called(void)
{
  return FALSE;
}

/* fake_provider_info cannot be used here: its file imports from the DLL, which this test loads and
 * unloads itself. */
static WSAPROTOCOL_INFOW plausible_info(void)
{
  WSAPROTOCOL_INFOW info = {.iVersion = 2,
                            .iAddressFamily = AF_INET,
                            .iSocketType = SOCK_STREAM,
                            .iProtocol = 250,
                            .iMaxSockAddr = 16,
                            .iMinSockAddr = 16};

  info.ProtocolChain.ChainLen = BASE_PROTOCOL;
  wcscpy(info.szProtocol, L"Left behind");
  return info;
}

static void leave_in_use(const struct shim *shim)
{
  int(WSPAPI * register_provider)(const WSAPROTOCOL_INFOW *, LPWSPSTARTUP, LPDWORD, LPINT);
  int(WSPAPI * get_table)(LPWSPUPCALLTABLE, LPINT);
  int(WSPAPI * set_table)(const WSPUPCALLTABLE *, LPINT);
  int(WSPAPI * set_info)(LPGUID, int, PBYTE, size_t, DWORD, LPINT);
  int(WSPAPI * set_category)(LPCWSTR, DWORD, LPCWSTR, DWORD, DWORD, DWORD *, LPINT);
  int(WSPAPI * install)(LPGUID, const WCHAR *, const WSAPROTOCOL_INFOW *, DWORD, LPINT);
  GUID guid = {0x5a5a, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
  WSAPROTOCOL_INFOW info;
  WSPUPCALLTABLE upcalls;
  WSPPROC_TABLE table;
  DWORD id = 0, categories = LSP_PROXY, before;
  int error = PRIMED;

  find(shim, &register_provider, "Ws2SpiRegisterProvider");
  find(shim, &get_table, "Ws2SpiGetUpcallTable");
  find(shim, &set_table, "Ws2SpiSetUpcallTable");
  find(shim, &set_info, "WSCSetProviderInfo");
  find(shim, &set_category, "WSCSetApplicationCategory");
  find(shim, &install, "WSCInstallProvider");
  fake_provider_reset();
  info = plausible_info();
  assert_int_equal(register_provider(&info, fake_provider_startup, &id, &error), 0);
  assert_int_equal(shim->start(id, &table, &error), 0);
  assert_int_equal(get_table(&upcalls, &error), 0);
  for (int i = 0; i < 3; i++)
    assert_true(upcalls.lpWPUCreateSocketHandle(id, 1, &error) != INVALID_SOCKET);
  upcalls.lpWPUSetEvent = upcalls.lpWPUResetEvent;
  assert_int_equal(set_table(&upcalls, &error), 0);
  assert_int_equal(install(&guid, L"C:\\lsp.dll", &info, 1, &error), 0);
  assert_int_equal(set_info(&guid, 0, (PBYTE)&categories, sizeof categories, 0, &error), 0);
  assert_int_equal(set_category(L"C:\\program.exe", 14, NULL, 0, LSP_PROXY, &before, &error), 0);
  assert_non_null(shim->set_hook((FARPROC)is_not_called));
}

static void objects_in_use_are_freed_with_the_dll(void **state)
{
  size_t handles = 0, blocks = 0;

  for (int i = 0; i < WARM_UP + LOADS / 10; i++) {
    const struct shim shim = load();

    if (i == WARM_UP) {
      handles = open_handles();
      blocks = heap_blocks();
    }
    leave_in_use(&shim);
    assert_true(FreeLibrary(shim.module));
    assert_false(is_loaded());
  }
  assert_in_range(open_handles(), 1, handles + 5);
  assert_in_range(heap_blocks(), 1, blocks + 10);
}

static void the_program_starts_without_the_dll(void **state)
{
  assert_false(is_loaded());
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_program_starts_without_the_dll),
      cmocka_unit_test(many_loads_leave_nothing_behind),
      cmocka_unit_test(a_hook_ends_when_the_dll_is_freed),
      cmocka_unit_test(a_thread_slot_above_64_works_too),
      cmocka_unit_test(threads_older_than_the_dll_may_end_while_it_is_loaded),
      cmocka_unit_test(objects_in_use_are_freed_with_the_dll),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
