/* The compiler extensions, except assembly. */
#ifndef WS2SPI_PLATFORM_COMPILER_H
#define WS2SPI_PLATFORM_COMPILER_H

/* Keeps a function from being inlined. A rare path that is inlined makes the common path save
 * registers for it, which costs more than the common path itself. */
#define OUT_OF_LINE __attribute__((noinline))

/* Called when its image is loaded, before DllMain or main. */
#define AT_LOAD __attribute__((constructor))

/* The compiler checks the arguments from number `first` on against format number `string`, which
 * is that of msvcrt's printf. */
#define PRINTF_LIKE(string, first) __attribute__((format(__ms_printf__, string, first)))

#endif
