/* The commands: `ws2spi catalog NAME`. Each prints what it has to say and gives the exit
 * code. main has checked that the options given are allowed and the words are as many
 * as the command wants; `arguments` are the words after its name. */
#ifndef WS2SPI_TOOL_COMMANDS_H
#define WS2SPI_TOOL_COMMANDS_H

#include "tool/command_line.h"

struct command {
  const char *name;
  enum exit_code (*run)(const struct request *request, int count, const char **arguments);
  unsigned options; /* OPTION_ bits that it allows beside --help */
  int fewest, most; /* arguments; most < 0: any number */
  const char *usage;
  const char *help;
};

extern const struct command COMMANDS[];
extern const size_t COMMAND_COUNT;

enum exit_code command_list(const struct request *request, int count, const char **arguments);
enum exit_code command_tree(const struct request *request, int count, const char **arguments);
enum exit_code command_which(const struct request *request, int count, const char **arguments);
enum exit_code command_install(const struct request *request, int count, const char **arguments);
enum exit_code command_remove(const struct request *request, int count, const char **arguments);
enum exit_code command_order(const struct request *request, int count, const char **arguments);
enum exit_code command_check(const struct request *request, int count, const char **arguments);
enum exit_code command_repair(const struct request *request, int count, const char **arguments);
enum exit_code command_reset(const struct request *request, int count, const char **arguments);

/* Runs `each` for the 64-bit and then the 32-bit catalog, as far as they are wanted and
 * there; `otherwise` are the widths meant when the request names none. The first code
 * other than EXIT_DONE and EXIT_NO ends it; EXIT_NO of one is EXIT_NO of all. */
enum exit_code for_each_width(const struct request *request, DWORD otherwise,
                              enum exit_code (*each)(DWORD width, void *context), void *context);

#endif
