#include "tool/command_line.h"

#include "tool/output.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_END = -1, CODE_WORD = 1, CODE_32 = '3', CODE_64 = '6' };

static const struct option OPTIONS[] = {
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {"32", no_argument, NULL, CODE_32},
    {"64", no_argument, NULL, CODE_64},
    {"name", required_argument, NULL, OPTION_NAME},
    {"over", required_argument, NULL, OPTION_OVER},
    {"all", no_argument, NULL, OPTION_ALL},
    {"non-ifs", no_argument, NULL, OPTION_NON_IFS},
    {"guid", required_argument, NULL, OPTION_GUID},
    {"yes", no_argument, NULL, OPTION_YES},
    {"strict", no_argument, NULL, OPTION_STRICT},
    {NULL, 0, NULL, 0},
};

/* "-": words that are not options are returned in their place, as code 1, so that ids after
 * --over can be told from other words. ":": a missing value has a code of its own, and
 * getopt_long prints nothing itself. */
static const char SHORT_OPTIONS[] = "-:";

static enum exit_code command_line_add_over(struct command_line *line, const char *text)
{
  const enum exit_code code = id_list_add_text(&line->over, text);

  line->given |= OPTION_OVER;
  if (code == EXIT_USAGE)
    print_diagnostic("--over needs catalog entry ids, not \"%s\"", text);
  return code == EXIT_FAILED ? out_of_memory() : code;
}

static enum exit_code command_line_add_option(struct command_line *line, int code,
                                              const char *value, const char *last)
{
  switch (code) {
  case ':':
    print_diagnostic(
        strchr(last, '=') == NULL ? "%s needs a value" : "%s: this option takes no value", last);
    return EXIT_USAGE;
  case '?':
    print_diagnostic("unknown option %s; see ws2spi --help", last);
    return EXIT_USAGE;
  case OPTION_OVER:
    return command_line_add_over(line, value);
  case CODE_32:
  case CODE_64:
    line->given |= OPTION_WIDTH;
    line->widths |= code == CODE_32 ? WS2SPI_WIDTH_32 : WS2SPI_WIDTH_64;
    return EXIT_DONE;
  case OPTION_NAME:
    line->name = value;
    break;
  case OPTION_GUID:
    line->guid = value;
    break;
  default:
    break;
  }
  line->given |= (unsigned)code;
  return EXIT_DONE;
}

/* An id after --over belongs to it, even as a word of its own. */
static enum exit_code command_line_add_word(struct command_line *line, BOOL after_over,
                                            const char *word)
{
  DWORD id;

  if (after_over && parse_id(word, &id))
    return id_list_add(&line->over, id) ? EXIT_DONE : out_of_memory();
  line->words[line->word_count++] = word;
  return EXIT_DONE;
}

enum exit_code command_line_parse(struct command_line *line, int argc, char **argv)
{
  enum exit_code result = EXIT_DONE;
  BOOL after_over = FALSE;
  int code;

  *line = (struct command_line){.words = calloc((size_t)argc + 1, sizeof *line->words)};
  if (line->words == NULL)
    return out_of_memory();
  optind = 0; /* getopt_long begins again */
  while (result == EXIT_DONE &&
         (code = getopt_long(argc, argv, SHORT_OPTIONS, OPTIONS, NULL)) != CODE_END) {
    if (code == CODE_WORD) {
      result = command_line_add_word(line, after_over, optarg);
    } else {
      result = command_line_add_option(line, code, optarg, argv[optind - 1]);
      after_over = code == OPTION_OVER;
    }
  }
  while (result == EXIT_DONE && optind < argc)
    line->words[line->word_count++] = argv[optind++];
  line->argument_count = line->word_count > 2 ? line->word_count - 2 : 0;
  line->arguments = line->words + line->word_count - line->argument_count;
  return result;
}

void command_line_free(struct command_line *line)
{
  id_list_free(&line->over);
  free(line->words);
  *line = (struct command_line){0};
}
