/* What a command line asks for. */
#ifndef WS2SPI_TOOL_COMMAND_LINE_H
#define WS2SPI_TOOL_COMMAND_LINE_H

#include "tool/exit_codes.h"
#include "tool/id_list.h"

/* The options, as bits of what a command allows and of what was given. They are codes of
 * getopt_long too, and 1 is taken there. */
enum option_bit {
  OPTION_HELP = 0x02,
  OPTION_VERSION = 0x04,
  OPTION_WIDTH = 0x08,
  OPTION_NAME = 0x10,
  OPTION_OVER = 0x20,
  OPTION_ALL = 0x40,
  OPTION_NON_IFS = 0x80,
  OPTION_GUID = 0x100,
  OPTION_YES = 0x200
};

/* The texts are those of the command line, or NULL. */
struct request {
  unsigned given; /* OPTION_ bits */
  DWORD widths;   /* WS2SPI_WIDTH_ bits, 0 if not said */
  const char *name;
  const char *guid;
  struct id_list over;
  int word_count; /* what is no option: "catalog", the command, its arguments */
  const char **words;
};

/* EXIT_DONE, or EXIT_USAGE after a complaint; request_free either way. */
enum exit_code request_parse(struct request *request, int argc, char **argv);
void request_free(struct request *request);

#endif
