/* One overlapped operation of a test, and what its completion routine was told. */
#ifndef WS2SPI_TESTS_PENDING_H
#define WS2SPI_TESTS_PENDING_H

#include "chains/chains.h"

struct pending {
  WSAOVERLAPPED overlapped; /* first: the routine gets its address */
  char buffer[16];
  DWORD bytes; /* stored by the call; primed */
  DWORD flags;
  int result;
  int error;
  /* the routine */
  volatile LONG runs;
  DWORD routine_error;
  DWORD routine_bytes;
  DWORD routine_thread;
};

/* For a WSPRecv into `buffer`; the event and the routine may be NULL. */
void start_receive(struct pending *call, SOCKET s, HANDLE event,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread);
void start_send(struct pending *call, SOCKET s, const char *text, HANDLE event,
                LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread);

void CALLBACK note_completion(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags);

/* It has not finished, or has and the call said 0. */
BOOL is_under_way_or_done(const struct pending *call);

/* Until Internal says that it is over. */
void wait_by_polling(const struct pending *call);
/* Alertably, until the routine has run. */
void wait_for_routine(const struct pending *call);

/* Of WSPGetOverlappedResult, without waiting: 0 or the error. */
int outcome(SOCKET s, struct pending *call, DWORD *bytes, DWORD *flags);

#endif
