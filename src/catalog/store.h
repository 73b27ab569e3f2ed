/* The interface of a store, which keeps a catalog. The rules of the WSC functions are written once,
 * above this: they read an image, compute the next one, and commit the difference. A store knows no
 * rules; it keeps items in their order, permanently if it can.
 *
 * Locking: lock() excludes every other writer of the same store, in any process and of either word
 * size, and completes what a writer that died left unfinished. A writer calls read() and commit()
 * between lock() and unlock(). A reader needs no lock and gets the old image or the new one, never
 * a mixture. None of our SRW locks is held while a store function runs.
 *
 * Ownership: the caller owns an image from read() to store_free_image(). */
#ifndef WS2SPI_CATALOG_STORE_H
#define WS2SPI_CATALOG_STORE_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* 32-bit and 64-bit processes have separate catalogs; a store keeps both. */
enum catalog_width { CATALOG_32, CATALOG_64 };
enum { CATALOG_WIDTHS = 2 };
#ifdef _WIN64
#define CATALOG_NATIVE CATALOG_64
#else
#define CATALOG_NATIVE CATALOG_32
#endif

struct catalog_item {
  WSAPROTOCOL_INFOW info;
  WCHAR path[MAX_PATH]; /* with environment variables not expanded */
};

/* A part of the store that cannot be read as an item. Items that break a rule of image_validate.h
 * are not among the problems; they are returned as items, so that their providers can be
 * removed. */
struct store_problem {
  DWORD position;         /* from 1, as the registry's keys; 0: the whole catalog */
  DWORD catalog_entry_id; /* 0: unknown */
  const char *reason;     /* a literal */
};

/* A store without items whose next_id is FIRST_CATALOG_ID is fresh: the base entries are put into
 * it. A writable store returns only items whose ids are plausible (image_validate.h). */
struct store_image {
  DWORD serial;  /* differs whenever the store has changed */
  DWORD next_id; /* one counter for both widths; FIRST_CATALOG_ID if none is stored */
  size_t count;
  struct catalog_item *items; /* in catalog order */
  size_t problem_count;
  struct store_problem *problems;
};

/* "From position `first` (from 0) on, the catalog of this width has these `count` items."
 * Positions count the items that read() returns; problems are not counted. A problem before item
 * `first` stays in its place, and a later one goes to the end. With discard_invalid, problems are
 * removed: then `first` is 0, and the catalog is written from scratch. */
struct store_splice {
  enum catalog_width width;
  size_t first;
  size_t count;
  const struct catalog_item *items;
  bool discard_invalid; /* set by a repair and a reset */
};

/* Functions that return int return 0 or a WSA error. */
struct catalog_store {
  const char *name;
  bool is_writable; /* if not, lock() always fails, and there are no functions that need the lock */
  /* WSANO_RECOVERY (another writer holds the lock for too long, or this process may not write),
   * WSA_NOT_ENOUGH_MEMORY, WSASYSCALLFAILURE. */
  int (*lock)(void);
  void (*unlock)(void);
  int (*serial)(DWORD *serial);
  int (*read)(enum catalog_width width, struct store_image **image);
  /* Applies all splices or none. Needs the lock. */
  int (*commit)(const struct store_splice *splices, size_t count, DWORD next_id);
  /* lock(), commit() and unlock() for a catalog that cannot be read. It reads the present content
   * only to keep the counter: at least next_id, and above the ids of a width that is not rebuilt,
   * as far as these can be read. All splices have discard_invalid. It may refuse to rebuild one
   * width where a change of both was left unfinished. NULL: reading fails only for want of memory,
   * or nothing is ever written. */
  int (*rebuild)(const struct store_splice *splices, size_t count, DWORD next_id);
  /* The LSP categories of WSCSetProviderInfo and WSCSetApplicationCategory. WSASERVICE_NOT_FOUND:
   * none are stored. Setting a provider's categories to 0 removes them. The path of an application
   * is expanded and absolute, and is compared as CompareStringOrdinal does without case; `extra` is
   * compared character by character, and may be empty but not NULL. Setting needs the lock. */
  int (*get_provider_categories)(enum catalog_width width, const GUID *provider, DWORD *categories);
  int (*set_provider_categories)(enum catalog_width width, const GUID *provider, DWORD categories);
  /* Enumerates the providers that have categories, in any order. Needs the lock.
   * WSASERVICE_NOT_FOUND: there are no more; WSAEINVAL: there is something else at this index. */
  int (*categorised_provider)(enum catalog_width width, DWORD index, GUID *provider);
  int (*get_application_categories)(const WCHAR *path, const WCHAR *extra, DWORD *categories);
  int (*set_application_categories)(const WCHAR *path, const WCHAR *extra, DWORD categories);
  /* Asks for one notification: the event is set at the next change by any process. It may also be
   * set without a change, so the caller compares serial(). The event stays the caller's; a further
   * call replaces it. */
  int (*notify)(HANDLE event);
};

/* Frees an image whose parts were allocated with heap_allocate. NULL is allowed. */
void store_free_image(struct store_image *image);

#endif
