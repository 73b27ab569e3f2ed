/* The one compiler extension beyond assembly: OUT_OF_LINE keeps a function from being
 * merged into its caller. A rare path that is merged makes the common one save
 * registers for it, which costs more than all that the common one does. */
#ifndef WS2SPI_PLATFORM_COMPILER_H
#define WS2SPI_PLATFORM_COMPILER_H

#define OUT_OF_LINE __attribute__((noinline))

#endif
