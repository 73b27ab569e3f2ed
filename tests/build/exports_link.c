/* Refers to every public function of ws2spi.dll through the declaration of the SDK or of ws2spi,
 * and to one function that only the system's Winsock has. */
#include <ws2spi_shim.h>

typedef void (*any_function)(void);

static volatile any_function used;

int main(void)
{
#define USE(name) used = (any_function)name;
#include "public_names.inc"
  return WSAGetLastError();
}
