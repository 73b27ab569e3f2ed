/* Another actor opens a catalog, registers a provider or removes an entry at every lock that a
 * catalog call takes. The call must change all or nothing, in one of the two catalogs, and report
 * which. */
#include "support/cmocka_headers.h"

#include "catalog_changes.h"
#include "catalog_view.h"
#include "support/fake_provider.h"
#include "support/replaced_imports.h"

enum { MOST_LOCKS = 2000 };

/* --- the other actors --------------------------------------------------------------------- */

static DWORD others_id;

static void open_store(DWORD store)
{
  int error;

  assert_int_equal(Ws2SpiOpenCatalog(store, &error), 0);
}

static void open_another(void)
{
  open_store(is_over_the_registry() ? WS2SPI_CATALOG_MEMORY : WS2SPI_CATALOG_REGISTRY);
}

static void open_the_first(void)
{
  open_store(WS2SPI_CATALOG_DEFAULT);
}

static void open_another_and_the_first_again(void)
{
  open_another();
  open_the_first();
}

static void register_another(void)
{
  WSAPROTOCOL_INFOW info;
  int error;

  fake_provider_info(&info);
  info.ProviderId = numbered_guid(99);
  assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &others_id, &error), 0);
}

static void undo_others(void)
{
  int error;

  open_the_first();
  if (others_id != 0)
    assert_int_equal(Ws2SpiUnregisterProvider(others_id, &error), 0);
  others_id = 0;
}

/* Which calls may fail: the name of one, or this. */
static const char EVERYTHING[] = "everything";

/* --- each call, interrupted at each lock -------------------------------------------------- */

/* If the catalog is changed before the call looks up an entry, the other catalog may not have
 * it. */
static BOOL is_an_error_of_another_catalog(int error)
{
  return error == WSANO_RECOVERY || error == WSAEINVAL || error == WSAEINVALIDPROVIDER ||
         error == WSAEPROTONOSUPPORT;
}

/* The digest of both catalogs. The first is open before and after. */
static struct catalog_digest digest_of_both(void)
{
  const struct catalog_digest first = changes_digest();
  struct catalog_digest other;

  open_another();
  other = changes_digest();
  open_the_first();
  return (struct catalog_digest){first.content * 31 + other.content,
                                 first.with_ids * 31 + other.with_ids};
}

static void undo_in_both(void)
{
  open_another();
  changes_undo();
  open_the_first();
  changes_undo();
}

static void run_alone(const struct catalog_call *call)
{
  const int outcome = call->run();

  if (outcome != 0)
    fail_msg("%s: error %d", call->name, outcome);
}

/* The content after the call has succeeded in the one or the other catalog. */
struct digests {
  unsigned long long after, after_in_the_other;
};

static struct digests take_digests(const struct catalog_call *call)
{
  struct digests digests;

  undo_in_both();
  run_alone(call);
  digests.after = digest_of_both().content;
  undo_in_both();
  open_another();
  run_alone(call);
  open_the_first();
  digests.after_in_the_other = digest_of_both().content;
  undo_in_both();
  return digests;
}

static void assert_all_or_nothing(const struct catalog_call *call, int outcome,
                                  struct catalog_digest before, const struct digests *digests)
{
  const struct catalog_digest now = digest_of_both();
  const BOOL is_done = now.content == digests->after || now.content == digests->after_in_the_other;

  if (outcome != 0 && !is_an_error_of_another_catalog(outcome))
    fail_msg("%s: error %d", call->name, outcome);
  if (outcome == 0 ? !is_done || !changes_kept_ids(before, now) : now.with_ids != before.with_ids)
    fail_msg("%s: outcome %d, and the catalog does not match it", call->name, outcome);
}

/* Interrupts the call at each of its locks in turn. No interruption may make it fail at all of
 * them. */
static int try_at_each_lock(const struct catalog_call *call, void (*act)(void),
                            const char *may_fail)
{
  BOOL has_succeeded = FALSE;

  const struct digests digests = take_digests(call);

  for (int n = 1; n < MOST_LOCKS; n++) {
    const struct catalog_digest before = digest_of_both();
    BOOL has_run;
    int outcome;

    interrupt_at_lock(n, act);
    outcome = call->run();
    has_run = interrupt_end();
    undo_others();
    if (outcome != 0 && may_fail != EVERYTHING && may_fail != call->name)
      fail_msg("%s: error %d though the catalog is the same", call->name, outcome);
    assert_all_or_nothing(call, outcome, before, &digests);
    undo_in_both();
    if (!has_run) {
      assert_true(has_succeeded);
      return n - 1;
    }
    has_succeeded = has_succeeded || outcome == 0;
  }
  fail_msg("%s: it never stops taking locks", call->name);
  return 0;
}

static int try_all(const struct catalog_call *calls, size_t count, void (*act)(void),
                   const char *may_fail)
{
  int moments = 0;

  for (size_t i = 0; i < count; i++) {
    const int of_call = try_at_each_lock(&calls[i], act, may_fail);

    assert_true(of_call > 0);
    moments += of_call;
  }
  return moments;
}

static void try_all_calls(void (*act)(void), const char *may_fail)
{
  const int moments = try_all(CATALOG_CHANGES, CATALOG_CHANGE_COUNT, act, may_fail) +
                      try_all(CATALOG_QUERIES, CATALOG_QUERY_COUNT, act, may_fail);

  print_message("             %d moments\n", moments);
}

static void another_catalog_is_opened_during_each_call(void **state)
{
  try_all_calls(open_another, EVERYTHING);
}

static void another_catalog_is_opened_and_this_one_again(void **state)
{
  try_all_calls(open_another_and_the_first_again, EVERYTHING);
}

static void a_provider_is_registered_during_each_call(void **state)
{
  try_all_calls(register_another, CHANGES_ORDER);
}

/* --- a process-local entry is removed ----------------------------------------------------- */

static void remove_local(void)
{
  changes_remove_local();
}

static const struct catalog_call *call_named(const char *name)
{
  for (size_t i = 0; i < CATALOG_CHANGE_COUNT; i++)
    if (strcmp(CATALOG_CHANGES[i].name, name) == 0)
      return &CATALOG_CHANGES[i];
  fail_msg("there is no %s", name);
  return NULL;
}

/* Removes the entry at each lock of the call. Returns how often the call failed, which it may do
 * only with the error for a missing entry. The catalog is then as after the removal alone, else as
 * after both. */
static int count_failures_after_removal(const struct catalog_call *call)
{
  unsigned long long removed, both, now;
  int failures = 0;
  BOOL has_run;

  changes_undo();
  remove_local();
  removed = changes_digest().content;
  changes_undo();
  run_alone(call);
  remove_local();
  both = changes_digest().content;
  for (int n = 1; n < MOST_LOCKS; n++) {
    int outcome;

    changes_undo();
    interrupt_at_lock(n, remove_local);
    outcome = call->run();
    has_run = interrupt_end();
    now = changes_digest().content;
    if (!has_run)
      return failures;
    assert_true(outcome == 0 || outcome == WSAEINVAL);
    assert_true(outcome == 0 ? now == both : now == removed);
    failures += outcome != 0;
  }
  fail_msg("%s: it never stops taking locks", call->name);
  return 0;
}

static void a_process_local_entry_is_removed_during_each_call(void **state)
{
  assert_true(count_failures_after_removal(call_named(CHANGES_REMOVE_LOCAL)) > 1);
  count_failures_after_removal(call_named(CHANGES_ORDER));
  changes_undo();
}

/* --- the system's catalog is opened ------------------------------------------------------- */

static void open_the_systems(void)
{
  open_store(WS2SPI_CATALOG_SYSTEM);
}

/* The system's catalog is not written, and Wine has no function to forward this call to. */
static void the_systems_catalog_is_opened_during_each_call(void **state)
{
  const struct catalog_call *const call = call_named("set categories");
  unsigned long long after;
  int failures = 0;
  BOOL has_run = TRUE;

  changes_undo();
  run_alone(call);
  after = changes_digest().content;
  for (int n = 1; n < MOST_LOCKS && has_run; n++) {
    struct catalog_digest before, now;
    int outcome;

    changes_undo();
    before = changes_digest();
    interrupt_at_lock(n, open_the_systems);
    outcome = call->run();
    has_run = interrupt_end();
    open_the_first();
    assert_true(outcome == 0 || is_an_error_of_another_catalog(outcome));
    now = changes_digest();
    assert_true(outcome == 0 ? now.content == after : now.with_ids == before.with_ids);
    failures += outcome != 0;
  }
  assert_false(has_run);
  assert_true(failures > 1);
  changes_undo();
}

/* --- two installs in two catalogs --------------------------------------------------------- */

static HANDLE arrived, gate;

/* The install in the other catalog is stopped at its first write. */
static LSTATUS WINAPI set_value(HKEY key, LPCWSTR name, DWORD reserved, DWORD type,
                                const BYTE *data, DWORD size)
{
  if (arrived != NULL) {
    SetEvent(arrived);
    WaitForSingleObject(gate, INFINITE);
  }
  return RegSetValueExW(key, name, reserved, type, data, size);
}

static DWORD WINAPI install_in_the_other(void *unused)
{
  (void)unused;
  return install_one(50, L"C:\\lsp.dll") != 0 ? 0 : 1;
}

static HANDLE others_thread;

static void begin_to_install_in_the_other(void)
{
  open_another();
  arrived = CreateEventW(NULL, TRUE, FALSE, NULL);
  gate = CreateEventW(NULL, TRUE, FALSE, NULL);
  others_thread = CreateThread(NULL, 0, install_in_the_other, NULL, 0, NULL);
  assert_int_equal(WaitForSingleObject(arrived, 60000), WAIT_OBJECT_0);
}

static void do_nothing(void)
{
}

static int install_here(void)
{
  GUID id = numbered_guid(51);
  WSAPROTOCOL_INFOW info;
  int error = 0;

  fake_provider_info(&info);
  return WSCInstallProvider(&id, L"C:\\lsp.dll", &info, 1, &error) == 0 ? 0 : error;
}

static int locks_of_an_installation(void)
{
  int locks = 0;
  BOOL has_run;

  do {
    interrupt_at_lock(locks + 1, do_nothing);
    assert_int_equal(install_here(), 0);
    has_run = interrupt_end();
    deinstall_one(51);
    locks += has_run;
  } while (has_run);
  return locks;
}

/* The last thing that an install does under a lock is to end the reservation of its ProviderId,
 * also when a later install has reserved one in the meantime. */
static void an_earlier_install_ends_before_a_later_one(void **state)
{
  const int last = locks_of_an_installation();
  WSAPROTOCOL_INFOW info;
  DWORD result = 1;
  int error = -1;

  fake_provider_info(&info);
  interrupt_at_lock(last, begin_to_install_in_the_other);
  assert_int_equal(install_here(), 0);
  assert_true(interrupt_end());
  SetEvent(gate);
  assert_int_equal(WaitForSingleObject(others_thread, 60000), WAIT_OBJECT_0);
  assert_true(GetExitCodeThread(others_thread, &result));
  assert_int_equal(result, 0);
  deinstall_one(50);
  open_the_first();
  deinstall_one(51);
  /* Neither ProviderId is reserved any more. */
  for (unsigned number = 50; number <= 51; number++) {
    info.ProviderId = numbered_guid(number);
    assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &others_id, &error), 0);
    undo_others();
  }
}

static int begin(void **state)
{
  changes_begin(state);
  open_another();
  changes_undo();
  open_the_first();
  return 0;
}

static int end(void **state)
{
  undo_others();
  open_another();
  changes_end_of_store();
  open_the_first();
  return changes_end(state);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(another_catalog_is_opened_during_each_call),
      cmocka_unit_test(another_catalog_is_opened_and_this_one_again),
      cmocka_unit_test(a_provider_is_registered_during_each_call),
      cmocka_unit_test(a_process_local_entry_is_removed_during_each_call),
      cmocka_unit_test(the_systems_catalog_is_opened_during_each_call),
  };

  const struct CMUnitTest of_memory[] = {
      cmocka_unit_test(an_earlier_install_ends_before_a_later_one),
  };
  static const struct replaced_import imports[] = {REPLACED_IMPORT(RegSetValueExW, set_value)};
  int failures = 0;

  delete_the_prefixs_catalog();
  replace_locks();
  replace_imports(imports, 1);
  /* The later install writes to the registry. */
  if (!is_over_the_registry())
    failures += cmocka_run_group_tests(of_memory, begin, end);
  return failures + cmocka_run_group_tests(tests, begin, end);
}
