/* Other processes: the same program again, told what to do by its arguments. */
#ifndef WS2SPI_TESTS_REGISTRY_CHILD_H
#define WS2SPI_TESTS_REGISTRY_CHILD_H

#include <windows.h>

/* Whether this program has been built for the other word size too. */
BOOL other_word_size_is_there(void);

/* Starts this program, or that of the other word size if it is there, with this process's root and these numbers, each of which
 * is an argument. NULL if it does not start. */
HANDLE child_start(const char *role, const long *numbers, int count);
HANDLE child_start_other(const char *role, const long *numbers, int count);

/* Its exit code; a test fails if it does not end. */
DWORD child_end(HANDLE child);

/* Whether this process is a child; then the root is the parent's. */
BOOL child_is_here(int argc, char **argv);

/* Of a child. */
const char *child_role(char **argv);
long child_number(char **argv, int place);

#endif
