/* Whatever the moment in which others open another catalog or register a provider: a call
 * changes all or nothing, in one of the two catalogs, and says which. */
#include "support/cmocka_headers.h"

#include "catalog_changes.h"
#include "catalog_view.h"
#include "support/fake_provider.h"
#include "support/replaced_imports.h"

enum { MOST_LOCKS = 2000 };

/* --- what others do ---------------------------------------------------------------------------- */

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

static void end_what_others_did(void)
{
  int error;

  open_the_first();
  if (others_id != 0)
    assert_int_equal(Ws2SpiUnregisterProvider(others_id, &error), 0);
  others_id = 0;
}

/* What may fail: the name of a call, or this. */
static const char EVERYTHING[] = "everything";

/* --- each call, at each moment ------------------------------------------------------------------- */

/* The moment may come before the call looks for what is there no more in the other catalog. */
static BOOL is_an_error_of_another_catalog(int error)
{
  return error == WSANO_RECOVERY || error == WSAEINVAL || error == WSAEINVALIDPROVIDER ||
         error == WSAEPROTONOSUPPORT;
}

/* Of both catalogs; the first is open before and after. */
static struct catalog_picture picture_of_both(void)
{
  const struct catalog_picture first = changes_picture();
  struct catalog_picture other;

  open_another();
  other = changes_picture();
  open_the_first();
  return (struct catalog_picture){first.content * 31 + other.content,
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

/* How things stand after the call has had its way in either catalog. */
struct pictures {
  unsigned long long after, after_in_the_other;
};

static struct pictures take_pictures(const struct catalog_call *call)
{
  struct pictures pictures;

  undo_in_both();
  run_alone(call);
  pictures.after = picture_of_both().content;
  undo_in_both();
  open_another();
  run_alone(call);
  open_the_first();
  pictures.after_in_the_other = picture_of_both().content;
  undo_in_both();
  return pictures;
}

static void assert_all_or_nothing(const struct catalog_call *call, int outcome,
                                  struct catalog_picture before, const struct pictures *pictures)
{
  const struct catalog_picture now = picture_of_both();
  const BOOL is_done =
      now.content == pictures->after || now.content == pictures->after_in_the_other;

  if (outcome != 0 && !is_an_error_of_another_catalog(outcome))
    fail_msg("%s: error %d", call->name, outcome);
  if (outcome == 0 ? !is_done || !changes_kept_ids(before, now) : now.with_ids != before.with_ids)
    fail_msg("%s: outcome %d, and the catalog is not as it says", call->name, outcome);
}

/* Nothing that is done meanwhile lets a call fail at every moment. */
static int try_at_each_moment(const struct catalog_call *call, void (*act)(void),
                              const char *may_fail)
{
  BOOL has_succeeded = FALSE;

  const struct pictures pictures = take_pictures(call);

  for (int n = 1; n < MOST_LOCKS; n++) {
    const struct catalog_picture before = picture_of_both();
    BOOL has_run;
    int outcome;

    meanwhile_at(n, act);
    outcome = call->run();
    has_run = meanwhile_end();
    end_what_others_did();
    if (outcome != 0 && may_fail != EVERYTHING && may_fail != call->name)
      fail_msg("%s: error %d though the catalog is the same", call->name, outcome);
    assert_all_or_nothing(call, outcome, before, &pictures);
    undo_in_both();
    if (!has_run) {
      assert_true(has_succeeded);
      return n - 1;
    }
    has_succeeded = has_succeeded || outcome == 0;
  }
  fail_msg("%s: it takes locks for ever", call->name);
  return 0;
}

static int try_all(const struct catalog_call *calls, size_t count, void (*act)(void),
                   const char *may_fail)
{
  int moments = 0;

  for (size_t i = 0; i < count; i++) {
    const int of_call = try_at_each_moment(&calls[i], act, may_fail);

    assert_true(of_call > 0);
    moments += of_call;
  }
  return moments;
}

static void try_everything(void (*act)(void), const char *may_fail)
{
  const int moments = try_all(CATALOG_CHANGES, CATALOG_CHANGE_COUNT, act, may_fail) +
                      try_all(CATALOG_QUESTIONS, CATALOG_QUESTION_COUNT, act, may_fail);

  print_message("             %d moments\n", moments);
}

static void others_open_another_catalog(void **state)
{
  try_everything(open_another, EVERYTHING);
}

static void others_open_another_and_this_one_again(void **state)
{
  try_everything(open_another_and_the_first_again, EVERYTHING);
}

static void others_register_a_provider(void **state)
{
  try_everything(register_another, CHANGES_ORDER);
}

/* --- one of this process goes --------------------------------------------------------------------- */

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

/* At each moment others remove it; how often the call failed, and never with another error than of
 * what is not there. The picture is that of both having been done, or of the removal alone. */
static int fail_because_it_has_gone(const struct catalog_call *call)
{
  unsigned long long gone, both, now;
  int failures = 0;
  BOOL has_run;

  changes_undo();
  remove_local();
  gone = changes_picture().content;
  changes_undo();
  run_alone(call);
  remove_local();
  both = changes_picture().content;
  for (int n = 1; n < MOST_LOCKS; n++) {
    int outcome;

    changes_undo();
    meanwhile_at(n, remove_local);
    outcome = call->run();
    has_run = meanwhile_end();
    now = changes_picture().content;
    if (!has_run)
      return failures;
    assert_true(outcome == 0 || outcome == WSAEINVAL);
    assert_true(outcome == 0 ? now == both : now == gone);
    failures += outcome != 0;
  }
  fail_msg("%s: it takes locks for ever", call->name);
  return 0;
}

static void others_remove_what_is_of_this_process(void **state)
{
  assert_true(fail_because_it_has_gone(call_named(CHANGES_REMOVE_LOCAL)) > 1);
  fail_because_it_has_gone(call_named(CHANGES_ORDER));
  changes_undo();
}

/* --- the system's catalog comes ------------------------------------------------------------------- */

static void open_the_systems(void)
{
  open_store(WS2SPI_CATALOG_SYSTEM);
}

/* It is not written, and Wine has no function to hand the call on to. */
static void others_open_the_systems_catalog(void **state)
{
  const struct catalog_call *const call = call_named("set categories");
  unsigned long long after;
  int failures = 0;
  BOOL has_run = TRUE;

  changes_undo();
  run_alone(call);
  after = changes_picture().content;
  for (int n = 1; n < MOST_LOCKS && has_run; n++) {
    struct catalog_picture before, now;
    int outcome;

    changes_undo();
    before = changes_picture();
    meanwhile_at(n, open_the_systems);
    outcome = call->run();
    has_run = meanwhile_end();
    open_the_first();
    assert_true(outcome == 0 || is_an_error_of_another_catalog(outcome));
    now = changes_picture();
    assert_true(outcome == 0 ? now.content == after : now.with_ids == before.with_ids);
    failures += outcome != 0;
  }
  assert_false(has_run);
  assert_true(failures > 1);
  changes_undo();
}

/* --- two installations in two catalogs ------------------------------------------------------------ */

static HANDLE arrived, gate;

/* The other catalog's installer stops where it writes. */
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
    meanwhile_at(locks + 1, do_nothing);
    assert_int_equal(install_here(), 0);
    has_run = meanwhile_end();
    deinstall_one(51);
    locks += has_run;
  } while (has_run);
  return locks;
}

/* What an installation has told the others, that its provider may not be registered meanwhile, it
 * takes back as the last thing under a lock: also when another one has told after it. */
static void an_installation_ends_before_one_that_began_later(void **state)
{
  const int last = locks_of_an_installation();
  WSAPROTOCOL_INFOW info;
  DWORD result = 1;
  int error = -1;

  fake_provider_info(&info);
  meanwhile_at(last, begin_to_install_in_the_other);
  assert_int_equal(install_here(), 0);
  assert_true(meanwhile_end());
  SetEvent(gate);
  assert_int_equal(WaitForSingleObject(others_thread, 60000), WAIT_OBJECT_0);
  assert_true(GetExitCodeThread(others_thread, &result));
  assert_int_equal(result, 0);
  deinstall_one(50);
  open_the_first();
  deinstall_one(51);
  /* Neither is told of any more. */
  for (unsigned number = 50; number <= 51; number++) {
    info.ProviderId = numbered_guid(number);
    assert_int_equal(Ws2SpiRegisterProvider(&info, fake_provider_startup, &others_id, &error), 0);
    end_what_others_did();
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
  end_what_others_did();
  open_another();
  changes_end_of_store();
  open_the_first();
  return changes_end(state);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(others_open_another_catalog),
      cmocka_unit_test(others_open_another_and_this_one_again),
      cmocka_unit_test(others_register_a_provider),
      cmocka_unit_test(others_remove_what_is_of_this_process),
      cmocka_unit_test(others_open_the_systems_catalog),
  };

  const struct CMUnitTest of_memory[] = {
      cmocka_unit_test(an_installation_ends_before_one_that_began_later),
  };
  static const struct replaced_import imports[] = {REPLACED_IMPORT(RegSetValueExW, set_value)};
  int failures = 0;

  delete_the_prefixs_catalog();
  replace_locks();
  replace_imports(imports, 1);
  /* The one that began later writes in the registry. */
  if (!is_over_the_registry())
    failures += cmocka_run_group_tests(of_memory, begin, end);
  return failures + cmocka_run_group_tests(tests, begin, end);
}
