/* How ws2spi.exe ends. The help and the README show the same numbers. */
#ifndef WS2SPI_TOOL_EXIT_CODES_H
#define WS2SPI_TOOL_EXIT_CODES_H

enum exit_code {
  EXIT_DONE = 0,
  EXIT_NO = 1,      /* check found something, which found nothing, reset was not confirmed */
  EXIT_USAGE = 2,   /* the command line is wrong */
  EXIT_REFUSED = 3, /* it cannot be done to this catalog, and nothing was changed */
  EXIT_FAILED = 4   /* the catalog or the system reported an error */
};

#endif
