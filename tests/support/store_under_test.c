#include "support/store_under_test.h"

#include <wchar.h>

BOOL is_over_the_registry(void)
{
  WCHAR word[16];

  return GetEnvironmentVariableW(L"WS2SPI_CATALOG", word, 16) != 0 &&
         wcscmp(word, L"registry") == 0;
}
