/* Several processes write and read one catalog at the same time: nothing is lost, and no reader sees a
 * mixture of two states. The processes have both word sizes if both have been built. */
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

static void expect_all_installed(size_t count)
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

static void concurrent_installers_lose_nothing(void **state)
{
  HANDLE children[WRITERS];

  for (int i = 0; i < WRITERS; i++)
    children[i] =
        i % 2 == 0 ? child_start("install", NULL, 0) : child_start_other("install", NULL, 0);
  for (int i = 0; i < WRITERS; i++)
    assert_int_equal(child_end(children[i]), 0);
  print_message("%d processes of %s, %d installations\n", WRITERS,
                other_word_size_is_built() ? "both word sizes" : "one word size", WRITERS * ROUNDS);
  expect_all_installed((size_t)WRITERS * ROUNDS);
}

/* --- readers during writes ---------------------------------------------------------------- */

/* In generation g the catalog has BIG + g % 2 items with g in dwMessageSize, and a next id of its
 * own. */
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
  assert_in_range(generation, *last, FLIPS); /* no reader sees an older state again */
  *last = generation;
}

static void a_reader_never_sees_a_mixture(void **state)
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

static void waiting_too_long_for_the_lock_is_WSANO_RECOVERY(void **state)
{
  const DWORD timeout_ms = write_lock_timeout_ms;

  write_lock_timeout_ms = 50;
  assert_int_equal(store_registry.lock(), 0);
  assert_int_equal(lock_on_another_thread(), WSANO_RECOVERY);
  store_registry.unlock();
  assert_int_equal(lock_on_another_thread(), 0);
  write_lock_timeout_ms = timeout_ms;
}

/* The child acquires the lock and ends. */
static void a_writer_that_ends_with_the_lock_releases_it(void **state)
{
  const DWORD timeout_ms = write_lock_timeout_ms;

  assert_int_equal(child_end(child_start("die", NULL, 0)), 3);
  write_lock_timeout_ms = 0;
  assert_int_equal(store_registry.lock(), 0);
  store_registry.unlock();
  write_lock_timeout_ms = timeout_ms;
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
  /* The event is not armed any more. Armed again, it reports the next change, not this one. */
  assert_int_equal(install_one(), 0);
  assert_false(is_set(event));
  assert_int_equal(store_registry.notify(event), 0);
  assert_false(is_set(event));
  assert_int_equal(child_end(child_start("install", NULL, 0)), 0);
  assert_int_equal(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
  CloseHandle(event);
}

static void a_missing_catalog_can_be_watched(void **state)
{
  HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  assert_int_equal(store_registry.notify(event), 0);
  assert_false(is_set(event));
  assert_int_equal(install_one(), 0);
  assert_int_equal(WaitForSingleObject(event, 10000), WAIT_OBJECT_0);
  CloseHandle(event);
}

static void two_events_are_set(void **state)
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

/* On Windows the system itself increments the number in the catalog's key. */
static void watching_writes_nothing_on_windows(void **state)
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

static void watching_makes_no_catalog_on_windows(void **state)
{
  HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

  writes_are_on_windows = TRUE;
  assert_int_equal(store_registry.notify(event), WSASYSCALLFAILURE);
  writes_are_on_windows = FALSE;
  assert_int_equal(count_keys(NULL), 0);
  CloseHandle(event);
}

static void a_handle_that_is_not_an_event_is_refused(void **state)
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
      WRITERS_TEST(concurrent_installers_lose_nothing),
      WRITERS_TEST(a_reader_never_sees_a_mixture),
      WRITERS_TEST(waiting_too_long_for_the_lock_is_WSANO_RECOVERY),
      WRITERS_TEST(a_writer_that_ends_with_the_lock_releases_it),
      WRITERS_TEST(a_change_sets_the_event_once),
      WRITERS_TEST(a_missing_catalog_can_be_watched),
      WRITERS_TEST(two_events_are_set),
      WRITERS_TEST(watching_writes_nothing_on_windows),
      WRITERS_TEST(watching_makes_no_catalog_on_windows),
      WRITERS_TEST(a_handle_that_is_not_an_event_is_refused),
  };

  if (child_is_here(argc, argv))
    return run_child(argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
