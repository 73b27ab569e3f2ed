/* Child processes: the same program with arguments that say what to do. */
#ifndef WS2SPI_TESTS_REGISTRY_CHILD_PROCESS_H
#define WS2SPI_TESTS_REGISTRY_CHILD_PROCESS_H

#include <windows.h>

/* Whether the program of the other word size has been built. */
BOOL other_word_size_is_built(void);

/* Starts this program, or the one of the other word size if it has been built. The child uses this
 * process's root, and gets the role and the numbers as arguments. NULL: it did not start. */
HANDLE child_start(const char *role, const long *numbers, int count);
HANDLE child_start_other(const char *role, const long *numbers, int count);

/* Waits for the child and returns its exit code. The test fails if the child does not end. */
DWORD child_end(HANDLE child);

/* Whether this process is a child; if so, it now uses the root of its parent. */
BOOL child_is_here(int argc, char **argv);

/* The role and the numbers of a child. */
const char *child_role(char **argv);
long child_number(char **argv, int place);

#endif
