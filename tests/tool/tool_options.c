#include "support/cmocka_headers.h"

#include "captured_output.h"
#include "tool/command_line.h"

enum { MOST_ARGUMENTS = 16 };

static struct command_line line;

/* The arguments end with NULL; the program's name is put before them. */
static enum exit_code parse(const char *const *arguments)
{
  static char copies[MOST_ARGUMENTS][64];
  char *argv[MOST_ARGUMENTS + 1];
  int argc = 0;

  strcpy(copies[argc], "ws2spi");
  argv[argc] = copies[argc];
  for (argc = 1; arguments[argc - 1] != NULL; argc++) {
    strcpy(copies[argc], arguments[argc - 1]);
    argv[argc] = copies[argc];
  }
  argv[argc] = NULL;
  forget_output();
  return command_line_parse(&line, argc, argv);
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static void assert_words(int count, ...)
{
  va_list words;

  assert_int_equal(line.word_count, count);
  va_start(words, count);
  for (int i = 0; i < count; i++)
    assert_string_equal(line.words[i], va_arg(words, const char *));
  va_end(words);
}

static int end(void **state)
{
  command_line_free(&line);
  return 0;
}

static void empty_command_line_sets_nothing(void **state)
{
  assert_int_equal(PARSE(NULL), EXIT_DONE);
  assert_words(0);
  assert_int_equal(line.given, 0);
  assert_int_equal(line.widths, 0);
}

static void options_may_be_anywhere(void **state)
{
  assert_int_equal(
      PARSE("--64", "catalog", "--name", "A name", "install", "--non-ifs", "x.dll", "--guid=G"),
      EXIT_DONE);
  assert_words(3, "catalog", "install", "x.dll");
  assert_int_equal(line.given, OPTION_WIDTH | OPTION_NAME | OPTION_NON_IFS | OPTION_GUID);
  assert_int_equal(line.widths, WS2SPI_WIDTH_64);
  assert_string_equal(line.name, "A name");
  assert_string_equal(line.guid, "G");
}

static void both_widths_may_be_given(void **state)
{
  assert_int_equal(PARSE("--64", "--32"), EXIT_DONE);
  assert_int_equal(line.widths, WS2SPI_WIDTH_BOTH);
}

static void ids_after_over_belong_to_it(void **state)
{
  assert_int_equal(
      PARSE("catalog", "install", "--over", "1001", "1002", "x.dll", "1003", "--over=1004,1005"),
      EXIT_DONE);
  assert_words(3, "catalog", "install", "x.dll");
  assert_int_equal(line.given, OPTION_OVER);
  assert_int_equal(line.over.count, 5);
  for (DWORD i = 0; i < 5; i++)
    assert_int_equal(line.over.ids[i], 1001 + i);
}

static void numbers_in_other_places_are_words(void **state)
{
  assert_int_equal(PARSE("catalog", "order", "1002", "--64", "1001"), EXIT_DONE);
  assert_words(4, "catalog", "order", "1002", "1001");
  assert_int_equal(PARSE("--over", "1001", "--all", "1002"), EXIT_DONE);
  assert_words(1, "1002");
  assert_int_equal(line.over.count, 1);
}

static void two_hyphens_end_the_options(void **state)
{
  assert_int_equal(PARSE("catalog", "remove", "--", "--yes"), EXIT_DONE);
  assert_words(3, "catalog", "remove", "--yes");
  assert_int_equal(line.given, 0);
}

static void unknown_option_is_named(void **state)
{
  assert_int_equal(PARSE("catalog", "--colour", "list"), EXIT_USAGE);
  assert_string_equal(printed_diagnostics(), "unknown option --colour; see ws2spi --help\n");
  assert_int_equal(PARSE("catalog", "list", "-x"), EXIT_USAGE);
  assert_string_equal(printed_diagnostics(), "unknown option -x; see ws2spi --help\n");
  assert_string_equal(printed(), "");
}

static void missing_value_is_named(void **state)
{
  assert_int_equal(PARSE("catalog", "install", "--name"), EXIT_USAGE);
  assert_string_equal(printed_diagnostics(), "--name needs a value\n");
}

static void value_of_an_option_without_one_is_refused(void **state)
{
  assert_int_equal(PARSE("catalog", "reset", "--yes=no"), EXIT_USAGE);
  assert_string_equal(printed_diagnostics(), "--yes=no: this option takes no value\n");
}

static void over_needs_ids(void **state)
{
  assert_int_equal(PARSE("--over", "TCP"), EXIT_USAGE);
  assert_string_equal(printed_diagnostics(), "--over needs catalog entry ids, not \"TCP\"\n");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(empty_command_line_sets_nothing, end),
      cmocka_unit_test_teardown(options_may_be_anywhere, end),
      cmocka_unit_test_teardown(both_widths_may_be_given, end),
      cmocka_unit_test_teardown(ids_after_over_belong_to_it, end),
      cmocka_unit_test_teardown(numbers_in_other_places_are_words, end),
      cmocka_unit_test_teardown(two_hyphens_end_the_options, end),
      cmocka_unit_test_teardown(unknown_option_is_named, end),
      cmocka_unit_test_teardown(missing_value_is_named, end),
      cmocka_unit_test_teardown(value_of_an_option_without_one_is_refused, end),
      cmocka_unit_test_teardown(over_needs_ids, end),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
