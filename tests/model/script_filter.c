#include "model/script.h"

#include <string.h>

enum { DEEPEST = 32 };

/* The part of a thread's state that determines which letters apply. */
struct sketch {
  bool has_hook;
  bool has_stale;
  bool is_over;
  unsigned count;
  struct {
    bool is_wait;
    bool has_context;
  } operation[DEEPEST];
};

static unsigned contexts(const struct sketch *sketch)
{
  unsigned count = 0;

  for (unsigned i = 0; i < sketch->count; i++)
    count += sketch->operation[i].has_context;
  return count;
}

static unsigned waits(const struct sketch *sketch)
{
  unsigned count = 0;

  for (unsigned i = 0; i < sketch->count; i++)
    count += sketch->operation[i].is_wait;
  return count;
}

static void keep_waits(struct sketch *sketch)
{
  unsigned kept = 0;

  if (contexts(sketch) > 0)
    sketch->has_stale = true;
  for (unsigned i = 0; i < sketch->count; i++) {
    if (sketch->operation[i].is_wait) {
      sketch->operation[kept].is_wait = true;
      sketch->operation[kept++].has_context = false;
    }
  }
  sketch->count = kept;
}

static void add(struct sketch *sketch, bool is_wait)
{
  sketch->operation[sketch->count].is_wait = is_wait;
  sketch->operation[sketch->count++].has_context = sketch->has_hook;
}

static void drop_innermost_wait(struct sketch *sketch)
{
  unsigned i = sketch->count - 1;

  while (!sketch->operation[i].is_wait)
    i--;
  sketch->count--;
  memmove(&sketch->operation[i], &sketch->operation[i + 1],
          (sketch->count - i) * sizeof sketch->operation[0]);
}

static void begin_life(struct sketch *sketch)
{
  memset(sketch, 0, sizeof *sketch);
}

static bool apply(struct sketch *sketch, char letter)
{
  if (sketch->is_over && letter != '|')
    return false;
  switch (letter) {
  case 'h':
  case 'u':
    if (letter == 'u' && !sketch->has_hook)
      return false;
    sketch->has_hook = letter == 'h';
    keep_waits(sketch);
    return true;
  case 'f':
    return sketch->has_hook;
  case 'q':
    if (!sketch->has_hook)
      return false;
    add(sketch, false);
    return true;
  case 'b':
    add(sketch, true);
    return true;
  case 'e':
  case 'p':
  case 'w':
    if (waits(sketch) == 0)
      return false;
    if (letter == 'e')
      drop_innermost_wait(sketch);
    return true;
  case 's':
    return sketch->has_stale && sketch->has_hook;
  case 'C':
    return contexts(sketch) > 1;
  case 'k':
    sketch->is_over = true;
    return true;
  case '|':
    begin_life(sketch);
    return true;
  case 'x':
    if (contexts(sketch) == 0)
      return false;
    sketch->is_over = true;
    return true;
  case 'd':
  case '0':
  case '1':
  case '2':
  case '3':
    return true;
  default:
    return contexts(sketch) > 0;
  }
}

bool script_is_applicable(const char *script)
{
  struct sketch sketch;

  begin_life(&sketch);
  for (; *script != '\0'; script++) {
    if (!apply(&sketch, *script))
      return false;
  }
  return true;
}
