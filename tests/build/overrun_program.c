/* Writes past its own buffers, compiled with the flags and checks of the DLL; overrun.c starts it.
 * The size is an argument, so that the compiler cannot know it.
 *
 * usage: overrun_program stack|copy|move|set|text|append SIZE */
#include <stdlib.h>
#include <string.h>

enum { ROOM = 16, LARGEST = 64 };

/* Returns how many of the bytes were written. */
static int written(const char *bytes)
{
  int count = 0;

  for (size_t i = 0; i < ROOM; i++)
    count += bytes[i] == 'x';
  return count;
}

/* Makes no call that _FORTIFY_SOURCE could check, and is out of line, where the compiler cannot
 * derive the length of the loop from the size of the buffer. */
static __attribute__((noinline)) void fill(volatile char *bytes, size_t size)
{
  for (size_t i = 0; i < size; i++)
    bytes[i] = 'x';
}

static __attribute__((noinline)) int write_past_the_frame(size_t size)
{
  char bytes[ROOM] = {0};

  fill(bytes, size);
  return written(bytes);
}

static int call(const char *what, size_t size)
{
  static char source[LARGEST];
  static char target[ROOM]; /* not on the stack, whose check would find the overrun too */

  fill(source, size);
  if (strcmp(what, "copy") == 0)
    memcpy(target, source, size);
  else if (strcmp(what, "move") == 0)
    memmove(target, source, size);
  else if (strcmp(what, "set") == 0)
    memset(target, 'x', size);
  else if (strcmp(what, "text") == 0)
    strcpy(target, source);
  else
    strcat(target, source);
  return written(target);
}

int main(int count, char **arguments)
{
  size_t size;

  if (count != 3)
    return -1;
  size = strtoul(arguments[2], NULL, 10);
  if (size >= LARGEST)
    return -1;
  return strcmp(arguments[1], "stack") == 0 ? write_past_the_frame(size) : call(arguments[1], size);
}
