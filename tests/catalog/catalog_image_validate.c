/* The rules that decide which items of an image are valid. */
/* The DLL's header comes first, because it includes the system's headers in the order that they
 * need. */
#include "catalog/image_validate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

enum { MOST = 64 };

static struct catalog_item items[MOST];
static const char *reasons[MOST];

static int prepare(void **state)
{
  memset(items, 0, sizeof items);
  for (DWORD i = 0; i < MOST; i++) {
    items[i].info.dwCatalogEntryId = 1001 + i;
    items[i].info.ProtocolChain.ChainLen = BASE_PROTOCOL;
    wcscpy(items[i].info.szProtocol, L"a name");
    wcscpy(items[i].path, L"C:\\provider.dll");
    reasons[i] = "untouched";
  }
  return 0;
}

static void set_chain(size_t item, int length, const DWORD *parts)
{
  items[item].info.ProtocolChain.ChainLen = length;
  memcpy(items[item].info.ProtocolChain.ChainEntries, parts, (size_t)length * sizeof *parts);
}

static void check(size_t count)
{
  const struct catalog_item *list[MOST] = {0};

  for (size_t i = 0; i < count; i++)
    list[i] = &items[i];
  assert_true(image_validate(list, count, reasons));
}

/* Exactly one item is invalid. */
static void assert_only_problem(size_t count, size_t item, const char *reason)
{
  check(count);
  for (size_t i = 0; i < count; i++) {
    if (i != item)
      assert_null(reasons[i]);
  }
  assert_non_null(reasons[item]);
  assert_string_equal(reasons[item], reason);
}

static void empty_image_is_valid(void **state)
{
  check(0);
  assert_string_equal(reasons[0], "untouched");
}

static void valid_items_are_valid(void **state)
{
  items[0].info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  set_chain(2, 2, (DWORD[]){1001, 1002});
  check(3);
  for (int i = 0; i < 3; i++)
    assert_null(reasons[i]);
}

static void ids_out_of_range_are_invalid(void **state)
{
  const DWORD ids[] = {0, 0x40000000 + 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};

  for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
    items[1].info.dwCatalogEntryId = ids[i];
    assert_only_problem(3, 1, "its catalog id is out of range");
  }
}

static void first_item_of_a_repeated_id_is_valid(void **state)
{
  items[2].info.dwCatalogEntryId = 1001;
  assert_only_problem(4, 2, "an earlier entry has the same catalog id");
}

static void strings_without_nul_are_invalid(void **state)
{
  wmemset(items[0].info.szProtocol, L'n', 256);
  assert_only_problem(2, 0, "its name is not NUL-terminated");
  prepare(NULL);
  wmemset(items[0].path, L'p', MAX_PATH);
  assert_only_problem(2, 0, "its path is not NUL-terminated");
  items[0].path[0] = 0;
  assert_only_problem(2, 0, "its path is empty");
}

static void chain_lengths_out_of_range_are_invalid(void **state)
{
  const int lengths[] = {-1, 8, 0x7FFFFFFF, -0x7FFFFFFF - 1};

  for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
    items[1].info.ProtocolChain.ChainLen = lengths[i];
    assert_only_problem(2, 1, "its chain length is not between 0 and 7");
  }
}

static void chain_with_a_missing_element_is_invalid(void **state)
{
  set_chain(2, 2, (DWORD[]){1001, 4711});
  assert_only_problem(3, 2, "its chain names an entry that does not exist");
}

static void chain_with_a_repeated_element_is_invalid(void **state)
{
  set_chain(2, 3, (DWORD[]){1001, 1002, 1001});
  assert_only_problem(3, 2, "its chain names the same entry twice");
}

static void chain_over_an_invalid_chain_is_invalid(void **state)
{
  set_chain(0, 2, (DWORD[]){1002, 1003});
  set_chain(1, 2, (DWORD[]){1003, 4711});
  check(3);
  assert_string_equal(reasons[0], "its chain names an invalid entry");
  assert_string_equal(reasons[1], "its chain names an entry that does not exist");
  assert_null(reasons[2]);
}

static void chain_that_names_itself_is_invalid(void **state)
{
  set_chain(1, 2, (DWORD[]){1001, 1002});
  assert_only_problem(2, 1, "its chain refers to itself or is nested too deeply");
}

static void chains_that_name_each_other_are_invalid(void **state)
{
  set_chain(1, 2, (DWORD[]){1001, 1003});
  set_chain(2, 2, (DWORD[]){1001, 1004});
  set_chain(3, 2, (DWORD[]){1001, 1002});
  check(5);
  for (int i = 0; i < 5; i++)
    assert_int_equal(reasons[i] == NULL, i == 0 || i == 4);
}

/* Each chain is over the next one, so that the first is decided last. */
static void chains_may_be_nested_as_deeply_as_a_chain_is_long(void **state)
{
  for (size_t i = 0; i < MAX_PROTOCOL_CHAIN + 1; i++)
    set_chain(i, 2, (DWORD[]){1001 + MAX_PROTOCOL_CHAIN + 2, 1001 + (DWORD)i + 1});
  assert_only_problem(MAX_PROTOCOL_CHAIN + 3, 0,
                      "its chain refers to itself or is nested too deeply");
}

/* The elements of every valid chain must be valid too. */
static void random_images_get_consistent_results(void **state)
{
  srand(4711);
  for (int round = 0; round < 20000; round++) {
    prepare(NULL);
    for (size_t i = 0; i < 12; i++) {
      items[i].info.dwCatalogEntryId = 1000 + (DWORD)(rand() % 14);
      items[i].info.ProtocolChain.ChainLen = rand() % 10 - 1;
      for (int part = 0; part < MAX_PROTOCOL_CHAIN; part++)
        items[i].info.ProtocolChain.ChainEntries[part] = 1000 + (DWORD)(rand() % 14);
    }
    check(12);
    for (size_t i = 0; i < 12; i++) {
      const WSAPROTOCOLCHAIN *chain = &items[i].info.ProtocolChain;

      for (int part = 0; reasons[i] == NULL && chain->ChainLen > 1 && part < chain->ChainLen;
           part++) {
        size_t found = 0;

        while (found < 12 && (reasons[found] != NULL ||
                              items[found].info.dwCatalogEntryId != chain->ChainEntries[part]))
          found++;
        assert_true(found < 12 && found != i);
      }
    }
  }
}

#define CASE(test) cmocka_unit_test_setup(test, prepare)

int main(void)
{
  const struct CMUnitTest tests[] = {
      CASE(empty_image_is_valid),
      CASE(valid_items_are_valid),
      CASE(ids_out_of_range_are_invalid),
      CASE(first_item_of_a_repeated_id_is_valid),
      CASE(strings_without_nul_are_invalid),
      CASE(chain_lengths_out_of_range_are_invalid),
      CASE(chain_with_a_missing_element_is_invalid),
      CASE(chain_with_a_repeated_element_is_invalid),
      CASE(chain_over_an_invalid_chain_is_invalid),
      CASE(chain_that_names_itself_is_invalid),
      CASE(chains_that_name_each_other_are_invalid),
      CASE(chains_may_be_nested_as_deeply_as_a_chain_is_long),
      CASE(random_images_get_consistent_results),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
