/* ws2spi.exe: the catalog of ws2spi.dll from the command line. */
#include "tool/cli.h"
#include "tool/output.h"

/* main's own arguments have passed through the system's 8-bit code page, so the command line is
 * read again, as Unicode. */
int main(void)
{
  int argc;
  char **const argv = utf8_arguments(&argc);

  return (int)(argv != NULL ? cli_run(argc, argv) : out_of_memory());
}
