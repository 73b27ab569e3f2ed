/* One overlapped operation of a test, and the arguments that its completion routine received. */
#ifndef WS2SPI_TESTS_PENDING_H
#define WS2SPI_TESTS_PENDING_H

#include "chains/chains.h"

struct pending {
  WSAOVERLAPPED overlapped; /* first: the routine receives its address */
  char buffer[16];
  DWORD bytes; /* stored by the call; UNTOUCHED before */
  DWORD flags;
  int result;
  int error;
  /* of the completion routine */
  volatile LONG runs;
  DWORD routine_error;
  DWORD routine_bytes;
  DWORD routine_thread;
};

/* An overlapped WSPRecv into `buffer`, and a WSPSend of the text. Event and routine may be NULL. */
void start_receive(struct pending *call, SOCKET s, HANDLE event,
                   LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread);
void start_send(struct pending *call, SOCKET s, const char *text, HANDLE event,
                LPWSAOVERLAPPED_COMPLETION_ROUTINE routine, LPWSATHREADID thread);

void CALLBACK note_completion(DWORD error, DWORD bytes, LPWSAOVERLAPPED overlapped, DWORD flags);

/* Whether the operation was started: it is pending, or the call returned 0. */
BOOL was_started(const struct pending *call);

/* Waits until Internal shows that the operation has completed. */
void wait_by_polling(const struct pending *call);
/* Waits alertably until the routine has run. */
void wait_for_routine(const struct pending *call);

/* WSPGetOverlappedResult without a wait. 0, or the error. */
int outcome(SOCKET s, struct pending *call, DWORD *bytes, DWORD *flags);

#endif
