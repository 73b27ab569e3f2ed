/* The parsed command line. */
#ifndef WS2SPI_TOOL_COMMAND_LINE_H
#define WS2SPI_TOOL_COMMAND_LINE_H

#include "tool/exit_codes.h"
#include "tool/id_list.h"

/* The options, as bits: which of them were given, and which a command allows. The values are
 * also codes of getopt_long, where 1 has another meaning. */
enum option_bit {
  OPTION_HELP = 0x02,
  OPTION_VERSION = 0x04,
  OPTION_WIDTH = 0x08,
  OPTION_NAME = 0x10,
  OPTION_OVER = 0x20,
  OPTION_ALL = 0x40,
  OPTION_NON_IFS = 0x80,
  OPTION_GUID = 0x100,
  OPTION_YES = 0x200,
  OPTION_STRICT = 0x400
};

/* The strings belong to argv, or are NULL. */
struct command_line {
  unsigned given; /* OPTION_ bits */
  DWORD widths;   /* WS2SPI_WIDTH_ bits; 0: neither --32 nor --64 was given */
  const char *name;
  const char *guid;
  struct id_list over;
  int word_count; /* everything that is not an option: "catalog", the command, its arguments */
  const char **words;
  int argument_count; /* the words after the command */
  const char **arguments;
};

/* EXIT_DONE, or EXIT_USAGE or EXIT_FAILED after an error message. command_line_free is needed in
 * each case. */
enum exit_code command_line_parse(struct command_line *line, int argc, char **argv);
void command_line_free(struct command_line *line);

#endif
