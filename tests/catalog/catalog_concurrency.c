/* Readers of every kind run while a writer adds and removes entries. Entries that exist all the
 * time are always found, others never, and no entry is read half changed. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/fake_provider.h"

enum { READERS = 3, ROUNDS = 300, BURST = 40 };

static volatile LONG stop;
static volatile LONG wrong;
static volatile LONG reads;

static void expect(BOOL right)
{
  if (!right)
    InterlockedIncrement(&wrong);
}

enum { UNTOUCHED = -1 };

static void query(DWORD id, int result, int code)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error = UNTOUCHED;

  expect(WPUQueryBlockingCallback(id, &callback, &context, &error) == result && error == code);
}

static void read_all(void)
{
  struct catalog_view view = catalog_view_take();

  /* -1: it grew between the two calls. */
  for (int i = 0; i < view.count; i++) {
    const WSAPROTOCOL_INFOW *info = &view.info[i];

    expect(i == 0 || info->dwCatalogEntryId > info[-1].dwCatalogEntryId);
    expect(info->iVersion == 2);
  }
  expect(view.count == -1 || view.count >= 6);
  catalog_view_free(&view);
}

static void read_a_path(void)
{
  GUID base = {0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x92}};
  WCHAR path[MAX_PATH];
  int chars = MAX_PATH;
  int error = -1;

  expect(WSCGetProviderPath(&base, path, &chars, &error) == 0 && error == 0);
}

static DWORD WINAPI reader(void *unused)
{
  (void)unused;
  while (!stop) {
    query(1001, 0, UNTOUCHED);
    query(1006, 0, UNTOUCHED);
    query(7, SOCKET_ERROR, WSAEINVAL);
    read_a_path();
    read_all();
    InterlockedIncrement(&reads);
  }
  return 0;
}

static void write_burst(void)
{
  DWORD ids[BURST];
  int error;

  for (int i = 0; i < BURST; i++)
    ids[i] = fake_provider_register();
  for (int i = 0; i < BURST; i++)
    expect(ids[i] != 0 && Ws2SpiUnregisterProvider(ids[i], &error) == 0);
}

static void readers_are_unaffected_by_a_writer(void **state)
{
  HANDLE threads[READERS];

  for (int i = 0; i < READERS; i++) {
    threads[i] = CreateThread(NULL, 0, reader, NULL, 0, NULL);
    assert_non_null(threads[i]);
  }
  for (int round = 0; round < ROUNDS; round++)
    write_burst();
  /* On a busy machine a reader may not have run yet. */
  while (reads < READERS)
    Sleep(1);
  stop = 1;
  assert_int_equal(WaitForMultipleObjects(READERS, threads, TRUE, 30000), WAIT_OBJECT_0);
  for (int i = 0; i < READERS; i++)
    CloseHandle(threads[i]);
  assert_int_equal(wrong, 0);
  assert_int_equal(catalog_count(), 6);
}

/* --- stored entries ----------------------------------------------------------------------- */

enum { STORED_ROUNDS = 100 };

/* The base entries must be in their order, with the writer's entry behind or before them: one of
 * the images that the writer makes, never a mixture. */
static void check_an_image(void)
{
  struct catalog_view view = catalog_view_take();
  int base = 0, others = 0;

  for (int i = 0; i < view.count; i++) {
    if (base < 6 && view.info[i].dwCatalogEntryId == 1001 + (DWORD)base) {
      base++;
    } else {
      expect(i == 0 || i == 6);
      others++;
    }
  }
  expect(view.count == -1 || (base == 6 && others <= 1));
  catalog_view_free(&view);
}

static DWORD WINAPI stored_reader(void *unused)
{
  (void)unused;
  while (!stop) {
    query(1001, 0, UNTOUCHED);
    query(1006, 0, UNTOUCHED);
    query(7, SOCKET_ERROR, WSAEINVAL);
    read_a_path();
    check_an_image();
    InterlockedIncrement(&reads);
  }
  return 0;
}

static void expect_position(DWORD id, int place)
{
  struct catalog_view view = catalog_view_take();

  expect(view.count == 7 && view.info[place].dwCatalogEntryId == id);
  catalog_view_free(&view);
}

/* A writer sees its own changes at once, whatever the readers do. */
static void write_stored(void)
{
  const DWORD id = install_one(1, L"C:\\lsp.dll");
  DWORD ids[] = {id, 1001, 1002, 1003, 1004, 1005, 1006};

  expect(id != 0);
  expect_position(id, 6);
  expect(WSCWriteProviderOrder(ids, 7) == 0);
  expect_position(id, 0);
  query(id, 0, UNTOUCHED);
  deinstall_one(1);
  query(id, SOCKET_ERROR, WSAEINVAL);
  expect(catalog_count() == 6);
}

static void readers_see_a_consistent_image_of_the_store(void **state)
{
  HANDLE threads[READERS];

  stop = wrong = reads = 0;
  for (int i = 0; i < READERS; i++) {
    threads[i] = CreateThread(NULL, 0, stored_reader, NULL, 0, NULL);
    assert_non_null(threads[i]);
  }
  for (int round = 0; round < STORED_ROUNDS || reads < READERS; round++)
    write_stored();
  stop = 1;
  assert_int_equal(WaitForMultipleObjects(READERS, threads, TRUE, 30000), WAIT_OBJECT_0);
  for (int i = 0; i < READERS; i++)
    CloseHandle(threads[i]);
  assert_int_equal(wrong, 0);
}

/* --- the first calls ---------------------------------------------------------------------- */

static volatile LONG racing_ids[READERS];
static volatile LONG ready_count;

/* Spins, so that all threads start at the same moment. */
static DWORD WINAPI first_user(void *slot)
{
  InterlockedIncrement(&ready_count);
  while (ready_count < READERS)
    YieldProcessor();
  *(volatile LONG *)slot = (LONG)fake_provider_register();
  return 0;
}

/* Must be the first test of the process, because the first call fills in the base entries. */
static void first_calls_may_be_concurrent(void **state)
{
  HANDLE threads[READERS];

  for (int i = 0; i < READERS; i++) {
    threads[i] = CreateThread(NULL, 0, first_user, (void *)&racing_ids[i], 0, NULL);
    assert_non_null(threads[i]);
  }
  assert_int_equal(WaitForMultipleObjects(READERS, threads, TRUE, 30000), WAIT_OBJECT_0);
  assert_int_equal(catalog_count(), 6 + READERS);
  for (int i = 0; i < READERS; i++) {
    int error = -1;

    CloseHandle(threads[i]);
    assert_in_range(racing_ids[i], WS2SPI_FIRST_REGISTERED_ID,
                    WS2SPI_FIRST_REGISTERED_ID + READERS - 1);
    assert_int_equal(Ws2SpiUnregisterProvider((DWORD)racing_ids[i], &error), 0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(first_calls_may_be_concurrent),
      cmocka_unit_test(readers_are_unaffected_by_a_writer),
      cmocka_unit_test(readers_see_a_consistent_image_of_the_store),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
