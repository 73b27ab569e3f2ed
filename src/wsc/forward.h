/* Calls to the system's functions of the same name. While the system's catalog is open, changes and
 * LSP categories are the business of its own functions: ws2spi.dll writes nothing into that
 * catalog. */
#ifndef WS2SPI_WSC_FORWARD_H
#define WS2SPI_WSC_FORWARD_H

#include "platform/system_winsock.h"

/* Calls the system's function with the arguments that follow. `otherwise` is evaluated instead
 * where the system has no such function. The type of the pointer is that of our own function, which
 * has the same declaration in the SDK. */
#define FORWARD_TO_SYSTEM(name, otherwise, ...)                                                    \
  ({                                                                                               \
    __typeof__(&(name)) system_function;                                                           \
    system_winsock_find(#name, &system_function, sizeof system_function)                           \
        ? system_function(__VA_ARGS__)                                                             \
        : (otherwise);                                                                             \
  })

#endif
