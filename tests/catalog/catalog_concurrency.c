/* Readers of every kind while a writer adds and removes: what is always there is
 * always found, what is never there never, and nothing is torn. */
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

static void query(DWORD id, int result, int code)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  int error = -1;

  expect(WPUQueryBlockingCallback(id, &callback, &context, &error) == result && error == code);
}

static void look_at_everything(void)
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

static void look_at_a_path(void)
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
    query(1001, 0, 0);
    query(1006, 0, 0);
    query(7, SOCKET_ERROR, WSAEINVAL);
    look_at_a_path();
    look_at_everything();
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

static void readers_and_a_writer_do_not_disturb_each_other(void **state)
{
  HANDLE threads[READERS];

  for (int i = 0; i < READERS; i++) {
    threads[i] = CreateThread(NULL, 0, reader, NULL, 0, NULL);
    assert_non_null(threads[i]);
  }
  for (int round = 0; round < ROUNDS; round++)
    write_burst();
  /* On a busy machine a reader may not have had its turn yet. */
  while (reads < READERS)
    Sleep(1);
  stop = 1;
  assert_int_equal(WaitForMultipleObjects(READERS, threads, TRUE, 30000), WAIT_OBJECT_0);
  for (int i = 0; i < READERS; i++)
    CloseHandle(threads[i]);
  assert_int_equal(wrong, 0);
  assert_int_equal(catalog_count(), 6);
}

/* --- what is stored ---------------------------------------------------------------------- */

enum { STORED_ROUNDS = 100 };

/* The base entries in their order, and what the writer has installed behind them or before: one
 * image of those that the writer makes, never a mixture. */
static void look_at_an_image(void)
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

static DWORD WINAPI reader_of_what_is_stored(void *unused)
{
  (void)unused;
  while (!stop) {
    query(1001, 0, 0);
    query(1006, 0, 0);
    query(7, SOCKET_ERROR, WSAEINVAL);
    look_at_a_path();
    look_at_an_image();
    InterlockedIncrement(&reads);
  }
  return 0;
}

static void expect_place(DWORD id, int place)
{
  struct catalog_view view = catalog_view_take();

  expect(view.count == 7 && view.info[place].dwCatalogEntryId == id);
  catalog_view_free(&view);
}

/* Who writes sees at once what it has written, whatever the others are just reading. */
static void write_what_is_stored(void)
{
  const DWORD id = install_one(1, L"C:\\lsp.dll");
  DWORD ids[] = {id, 1001, 1002, 1003, 1004, 1005, 1006};

  expect(id != 0);
  expect_place(id, 6);
  expect(WSCWriteProviderOrder(ids, 7) == 0);
  expect_place(id, 0);
  query(id, 0, 0);
  deinstall_one(1);
  query(id, SOCKET_ERROR, WSAEINVAL);
  expect(catalog_count() == 6);
}

static void readers_see_one_image_of_what_is_stored(void **state)
{
  HANDLE threads[READERS];

  stop = wrong = reads = 0;
  for (int i = 0; i < READERS; i++) {
    threads[i] = CreateThread(NULL, 0, reader_of_what_is_stored, NULL, 0, NULL);
    assert_non_null(threads[i]);
  }
  for (int round = 0; round < STORED_ROUNDS || reads < READERS; round++)
    write_what_is_stored();
  stop = 1;
  assert_int_equal(WaitForMultipleObjects(READERS, threads, TRUE, 30000), WAIT_OBJECT_0);
  for (int i = 0; i < READERS; i++)
    CloseHandle(threads[i]);
  assert_int_equal(wrong, 0);
}

/* --- the first users ----------------------------------------------------------------------- */

static volatile LONG racing_ids[READERS];
static volatile LONG at_the_line;

/* Spins, so that all come off the line at once. */
static DWORD WINAPI first_user(void *slot)
{
  InterlockedIncrement(&at_the_line);
  while (at_the_line < READERS)
    YieldProcessor();
  *(volatile LONG *)slot = (LONG)fake_provider_register();
  return 0;
}

/* Runs first in the process: the base entries are made by whoever comes first. */
static void first_users_may_come_together(void **state)
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
      cmocka_unit_test(first_users_may_come_together),
      cmocka_unit_test(readers_and_a_writer_do_not_disturb_each_other),
      cmocka_unit_test(readers_see_one_image_of_what_is_stored),
  };

  start_with_a_fresh_catalog();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
