/* ws2spi.exe: the catalog of ws2spi.dll from the command line. */
#include "tool/output.h"
#include "tool/cli.h"

/* What main is given went through the system's 8-bit code page, so it is asked for anew. */
int main(void)
{
  int argc;
  char **const argv = utf8_arguments(&argc);

  if (argv == NULL) {
    complain("memory is exhausted");
    return EXIT_FAILED;
  }
  return run(argc, argv);
}
