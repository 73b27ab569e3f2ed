#include "tool/cli.h"

#include "tool/commands.h"
#include "tool/listing.h"
#include "tool/output.h"

#include <string.h>

static const char *const COMMON_HELP =
    "\n"
    "  --32, --64   the catalog of 32-bit or of 64-bit programs only\n"
    "  --help       this, or what a command does\n"
    "  --version\n"
    "\n"
    "Exit codes\n"
    "  0  done; nothing found\n"
    "  1  check found something, which found no entry, or reset was not confirmed\n"
    "  2  the command line is wrong\n"
    "  3  it cannot be done to this catalog, and nothing was changed\n"
    "  4  the catalog or the system reported an error\n"
    "\n"
    "WS2SPI_CATALOG=registry|memory|system in the environment says which catalog is meant.\n"
    "Without it that is the registry under Wine, and on Windows the system's, which this\n"
    "program reads and does not change.\n";

static void print_help(void)
{
  print("Shows and changes the catalog of Winsock providers that ws2spi.dll keeps.\n\nusage:\n");
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    print("  ws2spi catalog %s\n", COMMANDS[i].usage);
  print("%s", COMMON_HELP);
}

static const struct command *find_command(const struct request *request)
{
  if (request->word_count < 2 || strcmp(request->words[0], "catalog") != 0)
    return NULL;
  for (size_t i = 0; i < COMMAND_COUNT; i++)
    if (strcmp(request->words[1], COMMANDS[i].name) == 0)
      return &COMMANDS[i];
  return NULL;
}

static enum exit_code complain_of_command(const struct request *request)
{
  if (request->word_count == 0)
    complain("nothing to do; see ws2spi --help");
  else if (strcmp(request->words[0], "catalog") != 0)
    complain("there is no command \"%s\"; see ws2spi --help", request->words[0]);
  else if (request->word_count == 1)
    complain("\"catalog\" wants a command; see ws2spi --help");
  else
    complain("there is no command \"catalog %s\"; see ws2spi --help", request->words[1]);
  return EXIT_USAGE;
}

static enum exit_code run_command(const struct command *command, const struct request *request)
{
  const int count = request->word_count - 2;

  if ((request->given & ~command->options) != 0 || count < command->fewest ||
      (command->most >= 0 && count > command->most)) {
    complain("usage: ws2spi catalog %s", command->usage);
    return EXIT_USAGE;
  }
  if ((request->widths & ~system_widths()) != 0) {
    complain("this system has no 64-bit catalog");
    return EXIT_REFUSED;
  }
  return command->run(request, count, request->words + 2);
}

static enum exit_code run_request(const struct request *request)
{
  const struct command *const command = find_command(request);

  if ((request->given & OPTION_VERSION) != 0) {
    print("ws2spi " PROJECT_VERSION ", %d-bit\n", 8 * (int)sizeof(void *));
    return EXIT_DONE;
  }
  if ((request->given & OPTION_HELP) == 0)
    return command != NULL ? run_command(command, request) : complain_of_command(request);
  if (command != NULL)
    print("ws2spi catalog %s\n\n%s", command->usage, command->help);
  else
    print_help();
  return EXIT_DONE;
}

enum exit_code run(int argc, char **argv)
{
  struct request request;
  enum exit_code code = request_parse(&request, argc, argv);

  if (code == EXIT_DONE)
    code = run_request(&request);
  request_free(&request);
  return code;
}
