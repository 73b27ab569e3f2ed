#include "platform/bad_pointer.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A thread's place is found by its id. Two threads that meet in one place may lose a pointer,
 * and then the log names the function alone. */
struct bad_pointer {
  const void *pointer;
  size_t size;
  DWORD thread_id; /* 0: nothing kept */
  enum bad_pointer_use use;
};

enum { PLACES = 64, FUNCTION_CHARS = 48 };

static SRWLOCK lock = SRWLOCK_INIT;
static struct bad_pointer places[PLACES];

static struct bad_pointer *place_of(DWORD thread_id)
{
  return &places[thread_id / 4 % PLACES]; /* thread ids are multiples of four */
}

void bad_pointer_keep(const void *pointer, size_t size, enum bad_pointer_use use)
{
  const struct bad_pointer kept = {pointer, size, GetCurrentThreadId(), use};

  AcquireSRWLockExclusive(&lock);
  *place_of(kept.thread_id) = kept;
  ReleaseSRWLockExclusive(&lock);
}

static bool take(struct bad_pointer *taken)
{
  const DWORD thread_id = GetCurrentThreadId();
  struct bad_pointer *place = place_of(thread_id);

  AcquireSRWLockExclusive(&lock);
  *taken = *place;
  if (taken->thread_id == thread_id)
    place->thread_id = 0;
  ReleaseSRWLockExclusive(&lock);
  return taken->thread_id == thread_id;
}

void bad_pointer_forget(void)
{
  struct bad_pointer forgotten;

  take(&forgotten);
}

/* --- the names of the interface ------------------------------------------------------- */

static char upper(char letter)
{
  return (char)(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
}

/* Words that are abbreviations. */
static bool is_capitals(const char *word)
{
  return strncmp(word, "fd_", 3) == 0 || strncmp(word, "ifs_", 4) == 0 ||
         strncmp(word, "qos_", 4) == 0;
}

/* create_event becomes CreateEvent behind the prefix. */
static void spell(char *spelled, const char *prefix, const char *words)
{
  bool capitals = false, starts = true;

  strcpy(spelled, prefix);
  spelled += strlen(prefix);
  for (; *words != 0; words++) {
    if (starts)
      capitals = is_capitals(words);
    if (*words != '_')
      *spelled++ = (char)(starts || capitals ? upper(*words) : *words);
    starts = *words == '_';
  }
  *spelled = 0;
}

static const char *public_name(const char *function, char *buffer)
{
  static const char UPCALL[] = "upcall_", BASE[] = "base_";

  if (strlen(function) >= FUNCTION_CHARS)
    return function;
  if (strncmp(function, UPCALL, sizeof UPCALL - 1) == 0)
    spell(buffer, "WPU", function + sizeof UPCALL - 1);
  else if (strncmp(function, BASE, sizeof BASE - 1) == 0)
    spell(buffer, "WSP", function + sizeof BASE - 1);
  else
    return function;
  return buffer;
}

void bad_pointer_log(const char *function)
{
  static const char *const USES[] = {"read", "written", "called"};
  char buffer[FUNCTION_CHARS + sizeof "WPU"];
  const char *name = public_name(function, buffer);
  struct bad_pointer bad;

  if (!take(&bad))
    log_event("%s: WSAEFAULT for a NULL, for a length or from the system", name);
  else if (bad.use == POINTER_CALLED)
    log_event("%s: the function %p cannot be called", name, bad.pointer);
  else
    log_event("%s: the %lu bytes at %p cannot be %s", name, (unsigned long)bad.size, bad.pointer,
              USES[bad.use]);
}
