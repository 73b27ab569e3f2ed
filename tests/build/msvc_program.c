/* Compiled for *-windows-msvc without any header. It calls two functions of ws2spi.dll and one that
 * only ws2_32 has. The exit code is 42 if all three return the right value. */
#define IMPORTED __declspec(dllimport)

IMPORTED int __stdcall WSCEnumProtocols(int *protocols, void *entries, unsigned long *bytes,
                                        int *error);
IMPORTED int __stdcall WPUQueryBlockingCallback(unsigned long id, void **callback, void **context,
                                                int *error);
IMPORTED unsigned short __stdcall htons(unsigned short number);

int program(void);

int program(void)
{
  unsigned long bytes = 0;
  void *callback = &bytes, *context = &bytes;
  int error = 0;

  if (WSCEnumProtocols(0, 0, &bytes, &error) != -1 || error != 10055 || bytes == 0)
    return 1;
  if (WPUQueryBlockingCallback(1001, &callback, &context, &error) != 0 || error != 10055)
    return 2;
  return callback == 0 && htons(0x1234) == 0x3412 ? 42 : 3;
}
