/* A provider that is compiled into a test. It records how it is called and returns what the test
 * sets. There is one, `fake_provider`; several entries may have it as their provider. */
#ifndef WS2SPI_TESTS_FAKE_PROVIDER_H
#define WS2SPI_TESTS_FAKE_PROVIDER_H

#include <stdint.h>

#include <ws2spi_shim.h>

/* In the order of WSPPROC_TABLE. */
/* clang-format off */
#define FAKE_PROCEDURES(X) \
  X(Accept) X(AddressToString) X(AsyncSelect) X(Bind) X(CancelBlockingCall) \
  X(Cleanup) X(CloseSocket) X(Connect) X(DuplicateSocket) X(EnumNetworkEvents) \
  X(EventSelect) X(GetOverlappedResult) X(GetPeerName) X(GetSockName) X(GetSockOpt) \
  X(GetQOSByName) X(Ioctl) X(JoinLeaf) X(Listen) X(Recv) \
  X(RecvDisconnect) X(RecvFrom) X(Select) X(Send) X(SendDisconnect) \
  X(SendTo) X(SetSockOpt) X(Shutdown) X(Socket) X(StringToAddress)
/* clang-format on */

enum fake_procedure {
#define FAKE_ENUMERATOR(name) FAKE_##name,
  FAKE_PROCEDURES(FAKE_ENUMERATOR)
#undef FAKE_ENUMERATOR
      FAKE_PROCEDURE_COUNT
};

enum { FAKE_ARGUMENTS = 10 };

struct fake_call {
  /* set by the test */
  intptr_t result; /* SOCKET, int or BOOL, as the procedure returns */
  int error;       /* stored into *lpErrno */
  /* recorded */
  volatile LONG count;
  uintptr_t argument[FAKE_ARGUMENTS]; /* of the last call, less lpErrno */
};

struct fake_provider {
  /* set by the test before WSPStartup */
  int startup_result;
  WORD version;        /* what WSPStartup stores in wVersion; 2.2 */
  int missing;         /* an enum fake_procedure left NULL in the table; -1: none */
  HANDLE startup_gate; /* WSPStartup waits for this event */
  HANDLE cleanup_gate; /* WSPCleanup does */
  void (*in_startup)(void);
  void (*in_cleanup)(void);
  void (*in_cancel)(void); /* WSPCancelBlockingCall calls it */

  /* recorded */
  volatile LONG startups; /* counted on entry, before the gate */
  WORD requested;
  WSAPROTOCOL_INFOW info;
  WSPUPCALLTABLE upcalls;

  struct fake_call call[FAKE_PROCEDURE_COUNT];

  /* With blocking_recv set, WSPRecv blocks as a provider should. It queries with its id and runs
   * the callback until that returns FALSE (then WSAEINTR) or data_arrived is set (then the
   * configured result). Without a callback it waits for data_arrived. */
  BOOL blocking_recv;
  volatile LONG data_arrived;
  /* recorded */
  volatile LONG recv_blocked; /* it has queried, and now waits or runs the callback */
  volatile LONG callback_runs;
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR callback_context;
};

extern struct fake_provider fake_provider;

/* Clears all that is recorded; every procedure succeeds from then on. */
void fake_provider_reset(void);

int WSPAPI fake_provider_startup(WORD requested, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                                 WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table);

/* A plausible base entry (AF_INET, SOCK_STREAM, protocol 250), ProviderId zero. */
void fake_provider_info(WSAPROTOCOL_INFOW *info);

/* Registers fake_provider_startup with that information; the catalog id, 0 on failure. */
DWORD fake_provider_register(void);

#endif
