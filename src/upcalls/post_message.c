#include "upcalls/upcalls.h"

/* ws2spi/nf-ws2spi-wpupostmessage has no error parameter; FALSE means failure. */
WINBOOL WSPAPI upcall_post_message(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
  return PostMessageW(window, message, wparam, lparam);
}
