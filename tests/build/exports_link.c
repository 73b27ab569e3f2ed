/* Refers to every public function of the shim through the SDK's or the shim's own
 * declaration, and to one function that only the system's Winsock has. */
#include <ws2spi_shim.h>

typedef void (*any_function)(void);

static volatile any_function used;

int main(void)
{
#define USE(name) used = (any_function)name;
#include "public_names.inc"
  return WSAGetLastError();
}
