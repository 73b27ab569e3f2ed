/* A window that only takes messages. */
#ifndef WS2SPI_TESTS_MESSAGE_WINDOW_H
#define WS2SPI_TESTS_MESSAGE_WINDOW_H

#include <winsock2.h>
#include <windows.h>

/* Wine starts its desktop process with the first window, and a window that is asked
 * for just then, or while that process ends with the last one, may be refused: it is
 * asked for again. NULL if it never comes. */
HWND new_message_window(void);

#endif
