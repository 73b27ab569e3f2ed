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
    {NULL, 0, NULL, 0},
};

/* "-": what is no option comes in its place, as code 1, so that the ids after --over are
 * known from other words. ":": a missing value is told apart, and getopt_long prints
 * nothing itself. */
static const char SHORT_OPTIONS[] = "-:";

static enum exit_code take_over(struct request *request, const char *text)
{
  request->given |= OPTION_OVER;
  if (id_list_add_text(&request->over, text))
    return EXIT_DONE;
  complain("--over wants catalog entry ids, not \"%s\"", text);
  return EXIT_USAGE;
}

static enum exit_code take(struct request *request, int code, const char *value, const char *last)
{
  switch (code) {
  case ':':
    complain(strchr(last, '=') == NULL ? "%s wants a value" : "%s: that option takes no value",
             last);
    return EXIT_USAGE;
  case '?':
    complain("there is no option %s; see ws2spi --help", last);
    return EXIT_USAGE;
  case OPTION_OVER:
    return take_over(request, value);
  case CODE_32:
  case CODE_64:
    request->given |= OPTION_WIDTH;
    request->widths |= code == CODE_32 ? WS2SPI_WIDTH_32 : WS2SPI_WIDTH_64;
    return EXIT_DONE;
  case OPTION_NAME:
    request->name = value;
    break;
  case OPTION_GUID:
    request->guid = value;
    break;
  default:
    break;
  }
  request->given |= (unsigned)code;
  return EXIT_DONE;
}

/* Ids may follow --over as words of their own. */
static BOOL belongs_to_over(struct request *request, BOOL after_over, const char *word)
{
  DWORD id;

  return after_over && parse_id(word, &id) && id_list_add(&request->over, id);
}

enum exit_code request_parse(struct request *request, int argc, char **argv)
{
  enum exit_code result = EXIT_DONE;
  BOOL after_over = FALSE;
  int code;

  *request = (struct request){.words = calloc((size_t)argc + 1, sizeof *request->words)};
  if (request->words == NULL) {
    complain("memory is exhausted");
    return EXIT_FAILED;
  }
  optind = 0; /* starts anew */
  while (result == EXIT_DONE &&
         (code = getopt_long(argc, argv, SHORT_OPTIONS, OPTIONS, NULL)) != CODE_END) {
    if (code != CODE_WORD) {
      result = take(request, code, optarg, argv[optind - 1]);
      after_over = code == OPTION_OVER;
    } else if (!belongs_to_over(request, after_over, optarg)) {
      request->words[request->word_count++] = optarg;
    }
  }
  while (result == EXIT_DONE && optind < argc)
    request->words[request->word_count++] = argv[optind++];
  return result;
}

void request_free(struct request *request)
{
  id_list_free(&request->over);
  free(request->words);
  *request = (struct request){0};
}
