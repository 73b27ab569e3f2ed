#include "support/message_window.h"

enum { ATTEMPTS = 200, PAUSE = 50 };

HWND new_message_window(void)
{
  HWND window = NULL;

  for (int i = 0; window == NULL && i < ATTEMPTS; i++) {
    window = CreateWindowExW(0, L"STATIC", L"", 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    if (window == NULL)
      Sleep(PAUSE);
  }
  return window;
}
