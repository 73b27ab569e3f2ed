/* A window that only takes messages. */
#ifndef WS2SPI_TESTS_MESSAGE_WINDOW_H
#define WS2SPI_TESTS_MESSAGE_WINDOW_H

#include <winsock2.h>
#include <windows.h>

/* A message-only window; NULL if several attempts fail. Wine starts its desktop process with the
 * first window and ends it with the last, and may refuse a window at just these moments. */
HWND new_message_window(void);

#endif
