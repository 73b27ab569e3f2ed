/* WSPStartup and WSPCleanup. The layer below counts its own starts, and Windows counts the loads of
 * its DLL, so each start and each cleanup is passed on. */
#include "procedures.h"

#include <wchar.h>

struct layer layers[MOST_LAYERS];
static SRWLOCK lock = SRWLOCK_INIT;
static unsigned all_starts;

/* --- starts in progress --------------------------------------------------------------- */

/* A layer starts the layer below inside its own WSPStartup, with the same chain. If that is this
 * DLL again, a later position in the chain is meant. */
struct start {
  struct start *outer;
  DWORD thread;
  DWORD chain;
  int place;
};
static struct start *starting;

static int place_being_started(DWORD chain)
{
  const struct start *start;
  int place = -1;

  AcquireSRWLockShared(&lock);
  for (start = starting; start != NULL; start = start->outer)
    if (start->thread == GetCurrentThreadId() && start->chain == chain && start->place > place)
      place = start->place;
  ReleaseSRWLockShared(&lock);
  return place;
}

static void enter(struct start *start, const struct layer *layer)
{
  start->thread = GetCurrentThreadId();
  start->chain = layer->chain_info.dwCatalogEntryId;
  start->place = layer->place;
  AcquireSRWLockExclusive(&lock);
  start->outer = starting;
  starting = start;
  ReleaseSRWLockExclusive(&lock);
}

static void leave(const struct start *start)
{
  struct start **link = &starting;

  AcquireSRWLockExclusive(&lock);
  while (*link != start)
    link = &(*link)->outer;
  *link = start->outer;
  ReleaseSRWLockExclusive(&lock);
}

/* --- the layer below ------------------------------------------------------------------ */

static int call_startup(struct layer *layer, WORD version, LPWSPDATA data)
{
  const FARPROC found = GetProcAddress(layer->next_module, "WSPStartup");
  const LPWSPSTARTUP startup = (LPWSPSTARTUP)(void (*)(void))found;
  WSAPROTOCOL_INFOW info = chain_info_for_next(layer, NULL);
  struct start start;
  int error;

  if (startup == NULL)
    return WSASYSNOTREADY;
  enter(&start, layer);
  /* The upcall table is passed on unchanged. */
  error = startup(version, data, &info, current_upcalls(), &layer->next);
  leave(&start);
  return error;
}

static int start_next(struct layer *layer, const WCHAR *path, WORD version, LPWSPDATA data)
{
  int error;

  layer->next_module = LoadLibraryExW(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (layer->next_module == NULL)
    return WSASYSNOTREADY;
  error = call_startup(layer, version, data);
  if (error != 0)
    FreeLibrary(layer->next_module);
  return error;
}

static int stop_next(const struct layer *layer, LPINT error)
{
  const int result = layer->next.lpWSPCleanup(error);

  if (result == 0)
    FreeLibrary(layer->next_module);
  return result;
}

/* --- slots ---------------------------------------------------------------------------- */

static bool is_same(const struct layer *layer, const struct layer *other)
{
  return layer->starts != 0 && !layer->stopping && layer->place == other->place &&
         layer->chain_info.dwCatalogEntryId == other->chain_info.dwCatalogEntryId;
}

static struct layer *find_slot(const struct layer *started)
{
  for (int i = 0; i < MOST_LAYERS; i++)
    if (is_same(&layers[i], started))
      return &layers[i];
  for (int i = 0; i < MOST_LAYERS; i++)
    if (layers[i].starts == 0) {
      layers[i] = *started;
      return &layers[i];
    }
  return NULL;
}

static struct layer *take_slot(const struct layer *started)
{
  struct layer *layer;

  if (!calls_start())
    return NULL;
  AcquireSRWLockExclusive(&lock);
  layer = find_slot(started);
  if (layer != NULL) {
    layer->starts++;
    all_starts++;
  }
  ReleaseSRWLockExclusive(&lock);
  return layer;
}

/* --- the one export ------------------------------------------------------------------- */

int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                      WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  struct layer started = {0};
  WCHAR path[MAX_PATH];
  struct layer *layer;
  int error, ignored;

  if (LOBYTE(version) < 2)
    return WSAVERNOTSUPPORTED;
  if (data == NULL || info == NULL || table == NULL)
    return WSAEFAULT;
  upcalls_keep(&upcalls);
  if (!chain_find_place(&started, info, place_being_started(info->dwCatalogEntryId), path))
    return WSASYSNOTREADY;
  error = start_next(&started, path, version, data);
  if (error != 0)
    return error;
  layer = take_slot(&started);
  if (layer == NULL) {
    stop_next(&started, &ignored);
    return WSAEPROCLIM;
  }
  wcscpy(data->szDescription, L"Example non-IFS layer");
  fill_procedures(layer, table);
  say("[nonifs] started over %ls\n", layer->next_info.szProtocol);
  return 0;
}

/* --- WSPCleanup ----------------------------------------------------------------------- */

static void count_starts(struct layer *layer, int change)
{
  layer->starts += (unsigned)change;
  all_starts += (unsigned)change;
}

/* The last start stays counted until its cleanup has ended, which keeps the slot in use. Other
 * starts are uncounted here, so that of two concurrent cleanups exactly one is the last. */
static int begin_cleanup(struct layer *layer, bool *last)
{
  int error = 0;

  AcquireSRWLockExclusive(&lock);
  if (layer->starts == 0 || layer->stopping) {
    error = WSANOTINITIALISED;
  } else {
    layer->stopping = *last = layer->starts == 1;
    count_starts(layer, *last ? 0 : -1);
  }
  ReleaseSRWLockExclusive(&lock);
  return error;
}

static bool end_cleanup(struct layer *layer, bool last, bool succeeded)
{
  bool nothing_left;

  AcquireSRWLockExclusive(&lock);
  if (last)
    layer->stopping = false;
  if (last == succeeded)
    count_starts(layer, last ? -1 : 1);
  nothing_left = all_starts == 0;
  ReleaseSRWLockExclusive(&lock);
  return nothing_left;
}

/* The last cleanup ends pending operations without a notification, and waits for them, because the
 * DLL may be unloaded when it returns (ws2spi/nc-ws2spi-lpwspcleanup). */
int layer_cleanup(struct layer *layer, LPINT error)
{
  bool last = false;
  int result;

  /* Refused inside a blocking hook that a call of this layer runs, because the call could not end.
   * */
  *error = call_is_inside(layer) ? WSAEINPROGRESS : begin_cleanup(layer, &last);
  if (*error != 0)
    return SOCKET_ERROR;
  if (last)
    close_sockets_of(layer);
  result = stop_next(layer, error);
  if (end_cleanup(layer, last, result == 0)) {
    async_select_stop();
    overlapped_clear();
  }
  return result;
}
