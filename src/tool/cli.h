/* The program, less where its arguments come from. */
#ifndef WS2SPI_TOOL_CLI_H
#define WS2SPI_TOOL_CLI_H

#include "tool/exit_codes.h"

/* The arguments are UTF-8; argv[0] is not looked at. It may be called again. */
enum exit_code run(int argc, char **argv);

#endif
