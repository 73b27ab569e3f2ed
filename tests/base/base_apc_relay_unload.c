/* A completion routine that is still queued when the DLL is freed. The program does not import the
 * DLL, because that would keep it loaded. */
#include "support/cmocka_headers.h"

#include <stdbool.h>

enum { TCP = 1001, PATIENCE = 20000 };

typedef int(WSPAPI *start_function)(DWORD, LPWSPPROC_TABLE, LPINT);
typedef int(WSPAPI *stop_function)(DWORD, LPINT);

static volatile LONG runs;
static void CALLBACK routine(DWORD error, DWORD transferred, LPWSAOVERLAPPED overlapped,
                             DWORD flags)
{
  (void)error;
  (void)transferred;
  (void)overlapped;
  (void)flags;
  InterlockedIncrement(&runs);
}

static HANDLE leave;
static DWORD WINAPI sleep_until_it_ran(void *unused)
{
  (void)unused;
  WaitForSingleObject(leave, PATIENCE);
  for (int i = 0; i < PATIENCE && runs == 0; i++)
    SleepEx(1, TRUE);
  return 0;
}

static void find(HMODULE module, void *pointer, const char *name)
{
  const FARPROC found = GetProcAddress(module, name);

  assert_non_null(found);
  memcpy(pointer, &found, sizeof found);
}

static void start_receive(const WSPPROC_TABLE *base, WSAOVERLAPPED *overlapped, HANDLE thread)
{
  static char buffer[8];
  struct sockaddr_in loopback = {.sin_family = AF_INET,
                                 .sin_addr = {.S_un.S_un_b = {127, 0, 0, 1}}};
  WSATHREADID id = {thread, 0};
  WSABUF list = {sizeof buffer, buffer};
  DWORD received = 0;
  DWORD flags = 0;
  int error = 0;
  const SOCKET s = base->lpWSPSocket(AF_INET, SOCK_DGRAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED, &error);

  assert_int_equal(base->lpWSPBind(s, (struct sockaddr *)&loopback, sizeof loopback, &error), 0);
  assert_int_equal(
      base->lpWSPRecv(s, &list, 1, &received, &flags, overlapped, routine, &id, &error),
      SOCKET_ERROR);
  assert_int_equal(error, WSA_IO_PENDING);
}

static void a_routine_runs_after_the_dll_was_freed(void **state)
{
  static WSAOVERLAPPED overlapped;
  const bool loaded_before = GetModuleHandleW(L"ws2spi.dll") != NULL;
  const HMODULE module = LoadLibraryW(L"ws2spi.dll");
  WSPPROC_TABLE base;
  start_function start;
  stop_function stop;
  HANDLE thread;
  int error = 0;

  assert_false(loaded_before);
  assert_non_null(module);
  find(module, &start, "Ws2SpiStartProvider");
  find(module, &stop, "Ws2SpiStopProvider");
  leave = CreateEventW(NULL, TRUE, FALSE, NULL);
  thread = CreateThread(NULL, 0, sleep_until_it_ran, NULL, 0, NULL);
  assert_int_equal(start(TCP, &base, &error), 0);
  start_receive(&base, &overlapped, thread);
  assert_int_equal(stop(TCP, &error), 0);
  for (int i = 0; i < PATIENCE && !HasOverlappedIoCompleted(&overlapped); i++)
    Sleep(1);
  assert_true(HasOverlappedIoCompleted(&overlapped));
  assert_true(FreeLibrary(module));
  SetEvent(leave);
  assert_int_equal(WaitForSingleObject(thread, PATIENCE), WAIT_OBJECT_0);
  assert_int_equal(runs, 1);
  CloseHandle(thread);
  CloseHandle(leave);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_routine_runs_after_the_dll_was_freed),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
