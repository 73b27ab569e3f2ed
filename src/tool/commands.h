/* The commands: `ws2spi catalog NAME`. Each prints its result or an error message and returns the
 * exit code. cli.c has checked that the options are allowed and that the number of arguments is
 * right. */
#ifndef WS2SPI_TOOL_COMMANDS_H
#define WS2SPI_TOOL_COMMANDS_H

#include "tool/command_line.h"

struct command {
  const char *name;
  enum exit_code (*run)(const struct command_line *line);
  unsigned options; /* OPTION_ bits allowed besides --help */
  int fewest, most; /* arguments; most < 0: any number */
  const char *usage;
  const char *help;
};

extern const struct command COMMANDS[];
extern const size_t COMMAND_COUNT;

enum exit_code command_list(const struct command_line *line);
enum exit_code command_tree(const struct command_line *line);
enum exit_code command_which(const struct command_line *line);
enum exit_code command_install(const struct command_line *line);
enum exit_code command_remove(const struct command_line *line);
enum exit_code command_order(const struct command_line *line);
enum exit_code command_check(const struct command_line *line);
enum exit_code command_repair(const struct command_line *line);
enum exit_code command_reset(const struct command_line *line);

/* Calls `each` for the 64-bit and then for the 32-bit catalog, if it was asked for and this
 * system has it; `default_widths` applies when the command line has neither --32 nor --64.
 * A failure or refusal ends the loop. Otherwise the result is the worse of both: a negative
 * answer, then warnings, then success. */
enum exit_code for_each_width(const struct command_line *line, DWORD default_widths,
                              enum exit_code (*each)(DWORD width, void *context), void *context);

#endif
