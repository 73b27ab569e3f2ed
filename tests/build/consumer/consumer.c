/* A program of a user of the installed package; compiled as C and as C++. */
#include <ws2spi_shim.h>

#include <stdio.h>

int main(void)
{
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
  DWORD bytes = 0;
  int error = 0;

  if (WSCEnumProtocols(NULL, NULL, &bytes, &error) != SOCKET_ERROR || error != WSAENOBUFS)
    return 1;
  if (WPUQueryBlockingCallback(1001, &callback, &context, &error) != 0 || callback != NULL)
    return 2;
  printf("%u catalog entries, byte order %x\n", (unsigned)(bytes / sizeof(WSAPROTOCOL_INFOW)),
         htons(0x1234));
  return 0;
}
