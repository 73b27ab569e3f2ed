#include "support/cmocka_headers.h"

#include "platform/guid_text.h"
#include "tool/id_list.h"
#include "tool/utf8.h"

#include <wchar.h>

/* --- ids --------------------------------------------------------------------------------- */

static void ids_are_read_one_by_one_or_with_commas(void **state)
{
  struct id_list list = {0};

  assert_int_equal(id_list_add_text(&list, "1001"), EXIT_DONE);
  assert_int_equal(id_list_add_text(&list, "1002,1003,4294967295"), EXIT_DONE);
  assert_int_equal(list.count, 4);
  assert_int_equal(list.ids[0], 1001);
  assert_int_equal(list.ids[2], 1003);
  assert_int_equal(list.ids[3], 0xFFFFFFFF);
  id_list_free(&list);
  assert_int_equal(list.count, 0);
}

static void text_that_is_not_an_id_is_refused(void **state)
{
  static const char *const bad[] = {
      "",      "x",      "1001x", "1001,",      ",1001",
      "1 001", "-1",     "+1",    "4294967296", "99999999999999999999999",
      "0x3E9", "1001,,2"};

  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    struct id_list list = {0};
    DWORD id;

    assert_int_equal(id_list_add_text(&list, bad[i]), EXIT_USAGE);
    assert_false(parse_id(bad[i], &id));
    id_list_free(&list);
  }
}

static void many_ids_fit(void **state)
{
  struct id_list list = {0};

  for (DWORD id = 0; id < 5000; id++)
    assert_true(id_list_add(&list, id));
  for (DWORD id = 0; id < 5000; id++)
    assert_int_equal(list.ids[id], id);
  id_list_free(&list);
}

/* --- GUIDs ------------------------------------------------------------------------------- */

static const GUID tcpip = {
    0xE70F1AA0, 0xAB8B, 0x11CF, {0x8C, 0xA3, 0x00, 0x80, 0x5F, 0x48, 0xA1, 0x92}};

static void guid_is_written_in_upper_case_with_braces(void **state)
{
  assert_string_equal(guid_to_text(&tcpip).text, "{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}");
}

static void guid_is_read_with_or_without_braces_in_either_case(void **state)
{
  static const char *const good[] = {"{E70F1AA0-AB8B-11CF-8CA3-00805F48A192}",
                                     "E70F1AA0-AB8B-11CF-8CA3-00805F48A192",
                                     "{e70f1aa0-ab8b-11cf-8ca3-00805f48a192}"};

  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    GUID guid = {0};

    assert_true(guid_from_text(good[i], &guid));
    assert_memory_equal(&guid, &tcpip, sizeof guid);
  }
}

static void text_that_is_not_a_guid_is_refused_and_nothing_is_stored(void **state)
{
  static const char *const bad[] = {"",
                                    "1001",
                                    "{E70F1AA0-AB8B-11CF-8CA3-00805F48A192",
                                    "E70F1AA0-AB8B-11CF-8CA3-00805F48A192}",
                                    "{E70F1AA0-AB8B-11CF-8CA3-00805F48A19}",
                                    "{E70F1AA0-AB8B-11CF-8CA3-00805F48A1922}",
                                    "{G70F1AA0-AB8B-11CF-8CA3-00805F48A192}",
                                    "{E70F1AA0 AB8B-11CF-8CA3-00805F48A192}",
                                    "{E70F1AA0-AB8B-11CF-8CA300-805F48A192}"};

  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    GUID guid = tcpip;

    assert_false(guid_from_text(bad[i], &guid));
    assert_memory_equal(&guid, &tcpip, sizeof guid);
  }
}

/* --- UTF-8 ------------------------------------------------------------------------------- */

static void longest_name_of_wide_characters_fits(void **state)
{
  WCHAR name[MAX_PATH + 10];
  struct utf8_text text;

  wmemset(name, 0x20AC, MAX_PATH + 10);
  text = utf8_from_wide(name);
  assert_int_equal(strlen(text.text), 3 * MAX_PATH);
  assert_memory_equal(text.text, "\xE2\x82\xAC\xE2\x82\xAC", 6);
}

static void surrogate_pair_is_one_character_and_half_of_one_is_replaced(void **state)
{
  assert_string_equal(utf8_from_wide(L"\xD83D\xDE00").text, "\xF0\x9F\x98\x80");
  assert_string_equal(utf8_from_wide(L"a\xD83D").text, "a\xEF\xBF\xBD");
}

static void text_that_is_not_utf8_or_too_long_is_refused(void **state)
{
  WCHAR wide[4] = L"xyz";

  assert_false(utf8_to_wide("\xC3", wide, 4));
  assert_false(utf8_to_wide("abcd", wide, 4));
  assert_true(utf8_to_wide("a\xC3\xA4", wide, 4));
  assert_int_equal(wcscmp(wide, L"a\xE4"), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ids_are_read_one_by_one_or_with_commas),
      cmocka_unit_test(text_that_is_not_an_id_is_refused),
      cmocka_unit_test(many_ids_fit),
      cmocka_unit_test(guid_is_written_in_upper_case_with_braces),
      cmocka_unit_test(guid_is_read_with_or_without_braces_in_either_case),
      cmocka_unit_test(text_that_is_not_a_guid_is_refused_and_nothing_is_stored),
      cmocka_unit_test(longest_name_of_wide_characters_fits),
      cmocka_unit_test(surrogate_pair_is_one_character_and_half_of_one_is_replaced),
      cmocka_unit_test(text_that_is_not_utf8_or_too_long_is_refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
