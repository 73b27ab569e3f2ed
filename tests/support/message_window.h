/* A window that only takes messages. */
#ifndef WS2SPI_TESTS_MESSAGE_WINDOW_H
#define WS2SPI_TESTS_MESSAGE_WINDOW_H

#include <winsock2.h>
#include <windows.h>

/* A message-only window; NULL if there is none after several attempts. Wine starts its desktop
 * process with the first window and ends it with the last, and refuses a window at just these
 * moments, so the call is repeated. */
HWND new_message_window(void);

#endif
