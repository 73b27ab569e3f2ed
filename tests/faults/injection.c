#include "faults/injection.h"

#include <string.h>

const char *const resource_names[RESOURCES] = {
    "blocks of memory",  "handles",      "sockets",        "registry keys",
    "threads",           "thread slots", "loaded modules", "waits of thread pool",
    "starts of Winsock",
};

static const char *volatile wanted; /* NULL: any */
static volatile LONG countdown;     /* 0: not armed */
static const char *volatile failed;
static volatile BOOL change_holds;
static volatile BOOL came_after_change;

void injection_arm(const char *name, LONG n)
{
  failed = NULL;
  change_holds = FALSE;
  came_after_change = FALSE;
  wanted = name;
  InterlockedExchange(&countdown, n);
}

const char *injection_disarm(void)
{
  InterlockedExchange(&countdown, 0);
  return failed;
}

/* Below 1 it is over, and stays so. */
BOOL injection_is_due(const char *name)
{
  if (countdown <= 0 || (wanted != NULL && strcmp(wanted, name) != 0))
    return FALSE;
  if (InterlockedDecrement(&countdown) != 0)
    return FALSE;
  came_after_change = change_holds;
  failed = name;
  return TRUE;
}

void injection_change_holds(BOOL holds)
{
  change_holds = holds;
}

BOOL injection_came_after_change(void)
{
  return came_after_change;
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
