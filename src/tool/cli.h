/* The whole program, except for reading its arguments from the system. */
#ifndef WS2SPI_TOOL_CLI_H
#define WS2SPI_TOOL_CLI_H

#include "tool/exit_codes.h"

/* The arguments are UTF-8; argv[0] is ignored. May be called more than once. */
enum exit_code cli_run(int argc, char **argv);

#endif
