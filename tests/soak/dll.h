/* The DLL that ships, loaded and freed by the test, with guarded memory in place of its heap. */
#ifndef WS2SPI_TESTS_SOAK_DLL_H
#define WS2SPI_TESTS_SOAK_DLL_H

#include <ws2spi_shim.h>

#define SOAK_FUNCTIONS(X)                                                                          \
  X(WSAStartup)                                                                                    \
  X(WSACleanup)                                                                                    \
  X(WSASetBlockingHook)                                                                            \
  X(WSAUnhookBlockingHook)                                                                         \
  X(WSAIsBlocking)                                                                                 \
  X(WSACancelBlockingCall)                                                                         \
  X(WPUQueryBlockingCallback)                                                                      \
  X(WPUCreateSocketHandle)                                                                         \
  X(WPUQuerySocketHandleContext)                                                                   \
  X(WPUCloseSocketHandle)                                                                          \
  X(WPUCompleteOverlappedRequest)                                                                  \
  X(WSCEnumProtocols)                                                                              \
  X(WSCInstallProvider)                                                                            \
  X(WSCDeinstallProvider)                                                                          \
  X(WSCGetProviderPath)                                                                            \
  X(Ws2SpiOpenCatalog)                                                                             \
  X(Ws2SpiSelectProtocol)                                                                          \
  X(Ws2SpiRegisterProvider)                                                                        \
  X(Ws2SpiUnregisterProvider)                                                                      \
  X(Ws2SpiStartProvider)                                                                           \
  X(Ws2SpiStopProvider)                                                                            \
  X(Ws2SpiCancelBlockingCall)

struct soak_dll {
  HMODULE module;
#define SOAK_MEMBER(name) __typeof__(&name) name;
  SOAK_FUNCTIONS(SOAK_MEMBER)
#undef SOAK_MEMBER
};

extern struct soak_dll dll;

/* Loads it. The registry's catalog is this process's own from then on. */
void dll_load(void);
void dll_free(void);

#endif
