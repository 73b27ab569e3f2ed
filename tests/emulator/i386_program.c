/* The kernel starts this for an i386 program where tests/provision registered it. It runs the
 * program in QEMU's user-mode emulator, with page_faults.so preloaded.
 *
 * It is a program, because the kernel passes no options to an interpreter, and an
 * environment variable would have to be known to everyone who starts Wine. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
  char **arguments = calloc((size_t)argc + 3, sizeof *arguments);
  int count = 0;

  if (arguments == NULL)
    return 127;
  arguments[count++] = EMULATOR;
  arguments[count++] = "-E";
  arguments[count++] = "LD_PRELOAD=" PAGE_FAULTS;
  /* argv[1] is the program's path, as the kernel found it. */
  for (int i = 1; i < argc; i++)
    arguments[count++] = argv[i];
  execv(EMULATOR, arguments);
  perror(EMULATOR);
  return 127;
}
