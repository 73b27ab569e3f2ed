/* The compiler extensions beyond assembly. OUT_OF_LINE keeps a function from being
 * merged into its caller. A rare path that is merged makes the common one save
 * registers for it, which costs more than all that the common one does. An AT_LOAD
 * function is called when its image is loaded, before DllMain or main. */
#ifndef WS2SPI_PLATFORM_COMPILER_H
#define WS2SPI_PLATFORM_COMPILER_H

#define OUT_OF_LINE __attribute__((noinline))
#define AT_LOAD     __attribute__((constructor))

#endif
