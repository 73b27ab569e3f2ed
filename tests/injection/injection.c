#include "injection/injection.h"

#include <string.h>

const char *const resource_names[RESOURCES] = {
    "blocks of memory",  "handles",      "sockets",        "registry keys",
    "threads",           "thread slots", "loaded modules", "waits of thread pool",
    "starts of Winsock",
};

static const char *volatile wanted; /* NULL: any */
static volatile LONG countdown;     /* 0: not armed */
static const char *volatile function_entered;
static volatile LONG functions_entered;
static volatile BOOL is_paused;
static volatile BOOL change_holds;
static struct injected_failure failure;

void injection_arm(const char *name, LONG n)
{
  failure = (struct injected_failure){0};
  function_entered = NULL;
  functions_entered = 0;
  is_paused = FALSE;
  change_holds = FALSE;
  wanted = name;
  InterlockedExchange(&countdown, n);
}

const char *injection_disarm(void)
{
  InterlockedExchange(&countdown, 0);
  return failure.call;
}

void injection_pause(BOOL paused)
{
  is_paused = paused;
}

void injection_enter(const char *function)
{
  function_entered = function;
  functions_entered++;
}

static BOOL is_wanted(const char *name)
{
  const size_t length = wanted != NULL ? strlen(wanted) : 0;

  if (length == 0)
    return TRUE;
  return wanted[length - 1] == '*' ? strncmp(name, wanted, length - 1) == 0
                                   : strcmp(name, wanted) == 0;
}

/* A countdown below 1 is over and stays so. */
BOOL injection_is_due(const char *name)
{
  if (countdown <= 0 || is_paused || !is_wanted(name))
    return FALSE;
  if (InterlockedDecrement(&countdown) != 0)
    return FALSE;
  failure = (struct injected_failure){name, function_entered, functions_entered - 1, change_holds};
  return TRUE;
}

void injection_change_holds(BOOL holds)
{
  change_holds = holds;
}

struct injected_failure injection_failure(void)
{
  return failure;
}

static volatile LONG held[RESOURCES];

BOOL resource_taken(enum resource resource, BOOL succeeded)
{
  if (succeeded)
    InterlockedIncrement(&held[resource]);
  return succeeded;
}

void resource_given_back(enum resource resource)
{
  InterlockedDecrement(&held[resource]);
}

LONG resource_held(enum resource resource)
{
  return held[resource];
}

void resources_forget(void)
{
  for (int i = 0; i < RESOURCES; i++)
    InterlockedExchange(&held[i], 0);
}
