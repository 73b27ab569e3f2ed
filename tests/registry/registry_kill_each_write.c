/* A writer is killed before its first, second, third... write. Each time a reader and the next writer
 * must find the catalog as it was before the change or as it is after it. */
#include "cmocka_and_store.h"

#include "child_process.h"
#include "catalog_fixture.h"
#include "registry_fixture.h"
#include "write_trap.h"

#include <stdio.h>

enum { BASE = 3, MOST_WRITES = 200 };

static const GUID PROVIDER = {0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}};
static const WCHAR PROGRAM[] = L"C:\\Program Files\\Program\\program.exe";

/* --- the changes -------------------------------------------------------------------------- */

static int nothing(void)
{
  return 0;
}

static int both(size_t first, size_t count, DWORD first_id, DWORD next_id)
{
  struct catalog_item items[2 * BASE];
  struct store_splice splices[2];

  items_make(items, count, first_id);
  for (int width = CATALOG_32; width <= CATALOG_64; width++)
    splices[width] = (struct store_splice){
        .width = (enum catalog_width)width, .first = first, .count = count, .items = items};
  return items_commit(splices, 2, next_id);
}

static int write_base_entries(void)
{
  return both(0, BASE, FIRST_ID, FIRST_ID + BASE);
}

static int append_one(void)
{
  const struct catalog_item item = item_make(FIRST_ID + BASE);

  return items_put(CATALOG_NATIVE, BASE, &item, 1, FIRST_ID + BASE + 1);
}

static int install_in_both(void)
{
  return both(BASE, 2, FIRST_ID + BASE, FIRST_ID + BASE + 2);
}

static int remove_from_the_middle(void)
{
  struct catalog_item items[BASE];

  items_make(items, BASE, FIRST_ID);
  return items_put(CATALOG_32, 1, &items[2], 1, FIRST_ID + BASE);
}

static int remove_everything(void)
{
  return both(0, 0, FIRST_ID, FIRST_ID + BASE);
}

static int reverse(void)
{
  struct catalog_item items[BASE];

  for (int i = 0; i < BASE; i++)
    items[i] = item_make(FIRST_ID + BASE - 1 - (DWORD)i);
  return items_put(CATALOG_64, 0, items, BASE, FIRST_ID + BASE);
}

static int update_one(void)
{
  struct catalog_item items[BASE];

  items_make(items, BASE, FIRST_ID);
  lstrcpyW(items[2].path, L"C:\\\x4e2d\x6587\\provider.dll");
  return items_put(CATALOG_NATIVE, 2, &items[2], BASE - 2, FIRST_ID + BASE);
}

/* The second key of the 64-bit catalog is too short. */
static int prepare_damaged(void)
{
  const int error = write_base_entries();
  HKEY key = root_open(L"Protocol_Catalog9\\Catalog_Entries64\\000000000002");

  RegSetValueExW(key, L"PackedCatalogItem", 0, REG_BINARY, (const BYTE *)"short", 5);
  RegCloseKey(key);
  root_raise_serial();
  return error;
}

static int shrink_damaged(void)
{
  const struct catalog_item item = item_make(FIRST_ID + 2);

  return items_put(CATALOG_64, 0, &item, 1, FIRST_ID + BASE);
}

static int append_after_damaged(void)
{
  const struct catalog_item item = item_make(FIRST_ID + BASE);

  return items_put(CATALOG_64, BASE - 1, &item, 1, FIRST_ID + BASE + 1);
}

/* Also a key whose name is not a position, with a subkey. */
static int prepare_damaged_twice(void)
{
  const int error = prepare_damaged();

  RegCloseKey(root_open(L"Protocol_Catalog9\\Catalog_Entries64\\foreign\\key"));
  root_raise_serial();
  return error;
}

static int rebuild(void)
{
  struct catalog_item items[2];
  struct store_splice splices[2];

  items_make(items, 2, FIRST_ID + 1);
  for (int width = CATALOG_32; width <= CATALOG_64; width++)
    splices[width] = (struct store_splice){
        .width = (enum catalog_width)width, .count = 2, .items = items, .discard_invalid = true};
  return store_registry.rebuild(splices, 2, FIRST_ID);
}

static int categorise_provider(void)
{
  return store_registry.set_provider_categories(CATALOG_64, &PROVIDER, LSP_FIREWALL);
}

static int uncategorise_provider(void)
{
  return store_registry.set_provider_categories(CATALOG_64, &PROVIDER, 0);
}

static int categorise_program(void)
{
  return store_registry.set_application_categories(PROGRAM, L"-x", LSP_SYSTEM);
}

static int recategorise_program(void)
{
  return store_registry.set_application_categories(PROGRAM, L"-x", LSP_SYSTEM | LSP_PROXY);
}

static const struct scenario {
  const char *name;
  int (*prepare)(void);
  int (*change)(void);
} SCENARIOS[] = {
    {"the first write ever", nothing, write_base_entries},
    {"one more entry", write_base_entries, append_one},
    {"an installation in both catalogs", write_base_entries, install_in_both},
    {"an entry removed from the middle", write_base_entries, remove_from_the_middle},
    {"all entries removed", write_base_entries, remove_everything},
    {"another order", write_base_entries, reverse},
    {"an entry changed", write_base_entries, update_one},
    {"entries removed beside an unusable one", prepare_damaged, shrink_damaged},
    {"one more entry after an unusable one", prepare_damaged, append_after_damaged},
    {"everything rewritten", prepare_damaged_twice, rebuild},
    {"the first category of a provider", write_base_entries, categorise_provider},
    {"the category of a provider removed", categorise_provider, uncategorise_provider},
    {"the first category of a program", write_base_entries, categorise_program},
    {"another category of a program", categorise_program, recategorise_program},
};

enum {
  RECOVERED_IN_STEPS = 2,
  BY_OTHER_WORD_SIZE = 3,
  SCENARIO_COUNT = sizeof SCENARIOS / sizeof SCENARIOS[0]
};

/* --- the visible state -------------------------------------------------------------------- */

struct view {
  struct snapshot catalog;
  int provider_error;
  int program_error;
  DWORD provider_categories;
  DWORD program_categories;
};

static struct view view_take(void)
{
  struct view view = {.catalog = snapshot_take()};

  view.provider_error =
      store_registry.get_provider_categories(CATALOG_64, &PROVIDER, &view.provider_categories);
  view.program_error =
      store_registry.get_application_categories(PROGRAM, L"-x", &view.program_categories);
  return view;
}

static bool view_is_equal(const struct view *left, const struct view *right)
{
  return snapshot_is_equal(&left->catalog, &right->catalog) &&
         left->provider_error == right->provider_error &&
         left->program_error == right->program_error &&
         left->provider_categories == right->provider_categories &&
         left->program_categories == right->program_categories;
}

static bool journal_exists(void)
{
  HKEY key;
  DWORD size;
  bool found = false;

  if (catalog_key_open(&key) == 0) {
    found = registry_read(key, JOURNAL_VALUE, NULL, NULL, &size) == 0;
    registry_close(key);
  }
  return found;
}

/* --- killing ------------------------------------------------------------------------------ */

struct outcome {
  struct view before;
  struct view after;
  int saw_before;
  int saw_after;
  int left_a_journal;
};

static DWORD run_change(int scenario, long die_at)
{
  const long numbers[] = {scenario, die_at};

  /* The killed process may have the other word size; the change is the same. */
  return child_end(scenario == BY_OTHER_WORD_SIZE ? child_start_other("change", numbers, 2)
                                                  : child_start("change", numbers, 2));
}

static DWORD run_recovery(long die_at)
{
  return child_end(child_start("recover", &die_at, 1));
}

/* The first read applies the journal and replays it. The second sees the result. */
static void read_twice(struct outcome *outcome, const char *name, long n)
{
  const bool journal = journal_exists();

  for (int read = 0; read < 2; read++) {
    struct view view = view_take();
    const bool is_before = view_is_equal(&view, &outcome->before);
    const bool is_after = view_is_equal(&view, &outcome->after);

    if (!is_before && !is_after)
      fail_msg("%s: killed at write %ld, read %d: neither before nor after", name, n, read);
    if (journal && !is_after)
      fail_msg("%s: killed at write %ld, read %d: the journal's change is missing", name, n, read);
    outcome->saw_before += is_before;
    outcome->saw_after += is_after;
    assert_false(journal_exists());
    snapshot_free(&view.catalog);
  }
  outcome->left_a_journal += journal;
}

static void prepare_scenario(int scenario)
{
  root_begin();
  assert_int_equal(SCENARIOS[scenario].prepare(), 0);
}

/* The next writer is itself killed at each write of the recovery. */
static void recover_in_steps(void)
{
  for (long n = 1; journal_exists(); n++) {
    const DWORD code = run_recovery(n);

    assert_true(code == KILLED || code == 0);
    assert_in_range(n, 1, MOST_WRITES);
  }
}

static long kill_at_each_write(int scenario, struct outcome *outcome)
{
  for (long n = 1; n < MOST_WRITES; n++) {
    DWORD code;

    prepare_scenario(scenario);
    code = run_change(scenario, n);
    if (code == 0)
      return n - 1;
    assert_int_equal(code, KILLED);
    if (scenario == RECOVERED_IN_STEPS && n == 6)
      recover_in_steps();
    read_twice(outcome, SCENARIOS[scenario].name, n);
  }
  return MOST_WRITES;
}

static long run_scenario(int scenario)
{
  struct outcome outcome = {0};
  long kills;

  prepare_scenario(scenario);
  outcome.before = view_take();
  assert_int_equal(SCENARIOS[scenario].change(), 0);
  outcome.after = view_take();
  assert_false(view_is_equal(&outcome.before, &outcome.after));
  kills = kill_at_each_write(scenario, &outcome);
  read_twice(&outcome, SCENARIOS[scenario].name, 0);
  assert_in_range(kills, 2, MOST_WRITES - 1);
  assert_true(outcome.saw_before > 0 && outcome.saw_after > 0);
  print_message("%ld kills, %d of them after the change took effect: %s\n", kills,
                outcome.saw_after / 2 - 1, SCENARIOS[scenario].name);
  snapshot_free(&outcome.before.catalog);
  snapshot_free(&outcome.after.catalog);
  return kills;
}

static void a_killed_writer_leaves_the_catalog_before_or_after_its_change(void **state)
{
  long kills = 0;

  for (int scenario = 0; scenario < SCENARIO_COUNT; scenario++)
    kills += run_scenario(scenario);
  print_message("%ld kills in all%s\n", kills,
                other_word_size_is_built() ? ", some of them of a program of the other word size"
                                           : "");
  assert_true(kills > SCENARIO_COUNT);
}

/* --- the child that is killed ------------------------------------------------------------- */

static int run_child(char **argv)
{
  if (strcmp(child_role(argv), "recover") == 0) {
    writes_die_at = child_number(argv, 0);
    if (store_registry.lock() != 0)
      return 1;
    store_registry.unlock();
    return 0;
  }
  writes_die_at = child_number(argv, 1);
  return SCENARIOS[child_number(argv, 0)].change();
}

static int tidy(void **state)
{
  root_end();
  return 0;
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(a_killed_writer_leaves_the_catalog_before_or_after_its_change,
                                tidy),
  };

  if (child_is_here(argc, argv))
    return run_child(argv);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
