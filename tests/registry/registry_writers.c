/* Several processes write and read one catalog at once: nothing is lost, and nobody sees a mixture.
 * Of both word sizes where the program of the other one has been built. */
#include "cmocka_and_store.h"

#include "child_process.h"
#include "catalog_fixture.h"
#include "registry/write_lock.h"
#include "registry_fixture.h"
#include "write_trap.h"

enum { WRITERS = 4, ROUNDS = 25, PAIR = 2, FLIPS = 60, BIG = 40 };

/* --- installers --------------------------------------------------------------------------- */

/* Reads, computes, commits: an entry in each catalog, under one id. */
static int install_one(void)
{
  struct store_image *images[2] = {NULL, NULL};
  struct store_splice splices[2];
  struct catalog_item item;
  int error = store_registry.lock();

  if (error != 0)
    return error;
  for (int width = CATALOG_32; error == 0 && width <= CATALOG_64; width++)
    error = store_registry.read((enum catalog_width)width, &images[width]);
  if (error == 0) {
    item = item_make(images[CATALOG_64]->next_id);
    for (int width = CATALOG_32; width <= CATALOG_64; width++)
      splices[width] = (struct store_splice){.width = (enum catalog_width)width,
                                             .first = images[width]->count,
                                             .count = 1,
                                             .items = &item};
    error = store_registry.commit(splices, 2, item.info.dwCatalogEntryId + 1);
  }
  store_registry.unlock();
  store_free_image(images[CATALOG_32]);
  store_free_image(images[CATALOG_64]);
  return error;
}

static int install_rounds(void)
{
  int error = 0;

  for (int round = 0; round < ROUNDS && error == 0; round++)
    error = install_one();
  return error;
}

static void expect_everything_there(size_t count)
{
  struct snapshot snapshot = snapshot_take();

  for (int width = CATALOG_32; width <= CATALOG_64; width++) {
    const struct store_image *image = snapshot.image[width];

    assert_int_equal(image->count, count);
    assert_int_equal(image->problem_count, 0);
    assert_int_equal(image->next_id, FIRST_ID + count);
    for (size_t i = 0; i < count; i++) {
      const struct catalog_item item = item_make(FIRST_ID + (DWORD)i);

      assert_true(item_is_equal(&image->items[i], &item));
    }
  }
  snapshot_free(&snapshot);
}

static void installers_at_once_lose_nothing(void **state)
{
  HANDLE children[WRITERS];

  for (int i = 0; i < WRITERS; i++)
    children[i] =
        i % 2 == 0 ? child_start("install", NULL, 0) : child_start_other("install", NULL, 0);
  for (int i = 0; i < WRITERS; i++)
    assert_int_equal(child_end(children[i]), 0);
  print_message("%d processes of %s, %d installations\n", WRITERS,
                other_word_size_is_there() ? "both word sizes" : "one word size", WRITERS * ROUNDS);
  expect_everything_there((size_t)WRITERS * ROUNDS);
}

/* --- readers during writes ---------------------------------------------------------------- */

/* The catalog of generation g is BIG + g items whose names say so, and so is its next id. */
static int write_generation(DWORD generation)
{
  struct catalog_item items[BIG + 1];
  const DWORD count = BIG + generation % 2;

  items_make(items, count, FIRST_ID);
  for (DWORD i = 0; i < count; i++)
    items[i].info.dwMessageSize = generation;
  return items_put(CATALOG_64, 0, items, count, FIRST_ID + BIG + 1 + generation);
}

static int write_generations(void)
{
  int error = 0;

  for (DWORD generation = 1; generation <= FLIPS && error == 0; generation++)
    error = write_generation(generation);
  return error;
}

static void expect_one_generation(const struct store_image *image, DWORD *last)
{
  const DWORD generation = image->items[0].info.dwMessageSize;

  assert_int_equal(image->problem_count, 0);
  assert_int_equal(image->count, BIG + generation % 2);
  assert_int_equal(image->next_id, FIRST_ID + BIG + 1 + generation);
  for (size_t i = 0; i < image->count; i++)
    assert_int_equal(image->items[i].info.dwMessageSize, generation);
  assert_in_range(generation, *last, FLIPS); /* time does not run backwards */
  *last = generation;
}

static void a_reader_sees_one_image_or_the_next(void **state)
{
  HANDLE writer;
  DWORD last = 0;
  int reads = 0;

  assert_int_equal(write_generation(0), 0);
  writer = child_start("write", NULL, 0);
  assert_non_null(writer);
  while (last < FLIPS) {
    struct store_image *image = NULL;

    assert_int_equal(store_registry.read(CATALOG_64, &image), 0);
    expect_one_generation(image, &last);
    store_free_image(image);
    reads++;
  }
  assert_int_equal(child_end(writer), 0);
  print_message("%d reads during %d changes\n", reads, FLIPS);
}

/* --- the lock ----------------------------------------------------------------------------- */

static DWORD WINAPI try_lock(void *result)
{
  *(int *)result = store_registry.lock();
  if (*(int *)result == 0)
    store_registry.unlock();
  return 0;
}

static int lock_on_another_thread(void)
{
  int result = -1;
  HANDLE thread = CreateThread(NULL, 0, try_lock, &result, 0, NULL);

  assert_non_null(thread);
  assert_int_equal(WaitForSingleObject(thread, 60000), WAIT_OBJECT_0);
  CloseHandle(thread);
  return result;
}

static void a_lock_that_is_held_for_too_long_is_no_recovery(void **state)
{
  const DWORD patience = write_lock_timeout_ms;

  write_lock_timeout_ms = 50;
  assert_int_equal(store_registry.lock(), 0);
  assert_int_equal(lock_on_another_thread(), WSANO_RECOVERY);
  store_registry.unlock();
  assert_int_equal(lock_on_another_thread(), 0);
  write_lock_timeout_ms = patience;
}

/* A child that is told so takes the lock and ends. The next is not kept waiting. */
static void a_writer_that_died_with_the_lock_holds_nobody_up(void **state)
{
  const DWORD patience = write_lock_timeout_ms;

  assert_int_equal(child_end(child_start("die", NULL, 0)), 3);
  write_lock_timeout_ms = 0;
  assert_int_equal(store_registry.lock(), 0);
  store_registry.unlock();
  write_lock_timeout_ms = patience;
}

/* --- notification ------------------------------------------------------------------------- */

static bool is_set(HANDLE event)
{
  return WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
}

static void a_change_sets_the_event_once(void **state)
{
  HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL);

  assert_int_equal(install_one(), 0);
  assert_int_equal(store_registry.notify(event), 0);
  assert_false(is_set(event));
  assert_int_equal(install_one(), 0);
  assert_int_equal(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
  /* Not armed any more; and armed again it tells of the next change, not of that one. */
  assert_int_equal(install_one(), 0);
  assert_false(is_set(event));
  assert_int_equal(store_registry.notify(event), 0);
  assert_false(is_set(event));
  assert_int_equal(child_end(child_start("install", NULL, 0)), 0);
  assert_int_equal(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
  CloseHandle(event);
}

static void a_catalog_that_is_not_there_can_be_watched(void **state)
{
  HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  assert_int_equal(store_registry.notify(event), 0);
  assert_false(is_set(event));
  assert_int_equal(install_one(), 0);
  assert_int_equal(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
  CloseHandle(event);
}

static void two_events_are_both_set(void **state)
{
  HANDLE events[PAIR];

  for (int i = 0; i < PAIR; i++) {
    events[i] = CreateEventW(NULL, TRUE, FALSE, NULL);
    assert_int_equal(store_registry.notify(events[i]), 0);
  }
  assert_int_equal(install_one(), 0);
  assert_int_equal(WaitForMultipleObjects(PAIR, events, TRUE, 10000), WAIT_OBJECT_0);
  for (int i = 0; i < PAIR; i++)
    CloseHandle(events[i]);
}

static DWORD count_keys(const WCHAR *below_the_root)
{
  const HKEY key = root_open(below_the_root);
  DWORD keys = 0;

  assert_int_equal(registry_count_keys(key, &keys), 0);
  RegCloseKey(key);
  return keys;
}

/* The system's own writer raises the number in the catalog's key. */
static void on_windows_a_catalog_is_watched_without_a_write(void **state)
{
  HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);
  LONG writes;

  root_raise_serial();
  writes = writes_made;
  writes_are_on_windows = TRUE;
  assert_int_equal(store_registry.notify(event), 0);
  assert_int_equal(writes_made, writes);
  assert_int_equal(count_keys(L"Protocol_Catalog9"), 0);
  assert_int_equal(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
  root_raise_serial();
  assert_int_equal(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
  writes_are_on_windows = FALSE;
  CloseHandle(event);
}

static void on_windows_no_catalog_is_made_to_be_watched(void **state)
{
  HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  writes_are_on_windows = TRUE;
  assert_int_equal(store_registry.notify(event), WSASYSCALLFAILURE);
  writes_are_on_windows = FALSE;
  assert_int_equal(count_keys(NULL), 0);
  CloseHandle(event);
}

static void what_is_no_event_is_refused(void **state)
{
  assert_int_equal(store_registry.notify((HANDLE)(ULONG_PTR)0xFFFFF8), WSASYSCALLFAILURE);
}

/* ------------------------------------------------------------------------------------------ */

static int run_child(char **argv)
{
  if (strcmp(child_role(argv), "install") == 0)
    return install_rounds();
  if (strcmp(child_role(argv), "write") == 0)
    return write_generations();
  if (store_registry.lock() != 0)
    return 1;
  TerminateProcess(GetCurrentProcess(), 3);
  return 2;
}

static int begin(void **state)
{
  root_begin();
  return 0;
}

static int end(void **state)
{
  root_end();
  return 0;
}

#define WRITERS_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      WRITERS_TEST(installers_at_once_lose_nothing),
      WRITERS_TEST(a_reader_sees_one_image_or_the_next),
      WRITERS_TEST(a_lock_that_is_held_for_too_long_is_no_recovery),
      WRITERS_TEST(a_writer_that_died_with_the_lock_holds_nobody_up),
      WRITERS_TEST(a_change_sets_the_event_once),
      WRITERS_TEST(a_catalog_that_is_not_there_can_be_watched),
      WRITERS_TEST(two_events_are_both_set),
      WRITERS_TEST(on_windows_a_catalog_is_watched_without_a_write),
      WRITERS_TEST(on_windows_no_catalog_is_made_to_be_watched),
      WRITERS_TEST(what_is_no_event_is_refused),
  };

  if (child_is_here(argc, argv))
    return run_child(argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
