#include "tool/cli.h"

#include "tool/commands.h"
#include "tool/listing.h"
#include "tool/output.h"

#include <string.h>

enum { USAGE_CHARS = 1024 };

#define EXIT_CODE_HELP(name, number, meaning) "  " #number "  " meaning "\n"

static const char COMMON_HELP[] =
    "\n"
    "  --32, --64   only the catalog of 32-bit or of 64-bit programs\n"
    "  --help       this text, or the description of a command\n"
    "  --version    the version and word size of this program\n"
    "\n"
    "Exit codes\n" EXIT_CODES(
        EXIT_CODE_HELP) "\n"
                        "The environment variable WS2SPI_CATALOG=registry|memory|system chooses "
                        "the catalog.\n"
                        "The default is the registry under Wine. On Windows it is the system's "
                        "catalog, which\n"
                        "this program can read but not change.\n";

static void cli_usage(char usage[USAGE_CHARS])
{
  size_t length = (size_t)snprintf(usage, USAGE_CHARS, "usage:");

  for (size_t i = 0; i < COMMAND_COUNT; i++)
    length += (size_t)snprintf(usage + length, USAGE_CHARS - length, "\n  ws2spi catalog %s",
                               COMMANDS[i].usage);
}

static void cli_print_help(const struct command *command)
{
  char usage[USAGE_CHARS];

  if (command != NULL) {
    print("ws2spi catalog %s\n\n%s", command->usage, command->help);
    return;
  }
  cli_usage(usage);
  print("Shows and changes the catalog of Winsock providers that ws2spi.dll keeps.\n\n%s\n", usage);
  print("%s", COMMON_HELP);
}

static const struct command *cli_find_command(const struct command_line *line)
{
  if (line->word_count < 2 || strcmp(line->words[0], "catalog") != 0)
    return NULL;
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    if (strcmp(line->words[1], COMMANDS[i].name) == 0)
      return &COMMANDS[i];
  return NULL;
}

static enum exit_code cli_unknown_command(const struct command_line *line)
{
  char usage[USAGE_CHARS];

  cli_usage(usage);
  if (line->word_count == 0)
    print_diagnostic("no command was given\n%s", usage);
  else if (strcmp(line->words[0], "catalog") != 0)
    print_diagnostic("unknown command \"%s\"; see ws2spi --help", line->words[0]);
  else if (line->word_count == 1)
    print_diagnostic("\"catalog\" needs a command; see ws2spi --help");
  else
    print_diagnostic("unknown command \"catalog %s\"; see ws2spi --help", line->words[1]);
  return EXIT_USAGE;
}

static enum exit_code cli_run_command(const struct command *command,
                                      const struct command_line *line)
{
  if ((line->given & ~command->options) != 0 || line->argument_count < command->fewest ||
      (command->most >= 0 && line->argument_count > command->most)) {
    print_diagnostic("usage: ws2spi catalog %s", command->usage);
    return EXIT_USAGE;
  }
  if ((line->widths & ~system_widths()) != 0) {
    print_diagnostic("this system has no 64-bit catalog");
    return EXIT_REFUSED;
  }
  return command->run(line);
}

static enum exit_code cli_run_line(const struct command_line *line)
{
  const struct command *const command = cli_find_command(line);

  if ((line->given & OPTION_VERSION) != 0) {
    print("ws2spi " PROJECT_VERSION ", %d-bit\n", 8 * (int)sizeof(void *));
    return EXIT_DONE;
  }
  if ((line->given & OPTION_HELP) != 0) {
    cli_print_help(command);
    return EXIT_DONE;
  }
  return command != NULL ? cli_run_command(command, line) : cli_unknown_command(line);
}

enum exit_code cli_run(int argc, char **argv)
{
  struct command_line line;
  enum exit_code code = command_line_parse(&line, argc, argv);

  if (code == EXIT_DONE)
    code = cli_run_line(&line);
  command_line_free(&line);
  if (output_flush())
    return code;
  print_diagnostic("the output could not be written");
  return EXIT_FAILED;
}
