/* Where a catalog is kept. What the WSC functions do is written once, above this: they
 * read an image, compute the next one, and commit the difference. A store knows nothing
 * of the rules; it keeps items in order, durably where it can.
 *
 * Locking: lock() excludes every other writer of the same store, of any process and word size, and
 * repairs what a writer that died has left. read() and commit() of a writer stand between
 * lock() and unlock(); a reader needs no lock and gets the old image or the new one,
 * never a mixture. No SRW lock of ours is held while a store function runs.
 *
 * Ownership: an image is the caller's, from read() to store_free_image(). */
#ifndef WS2SPI_CATALOG_STORE_H
#define WS2SPI_CATALOG_STORE_H

#include "platform/windows_headers.h"

#include <stdbool.h>

/* 32- and 64-bit processes have catalogs of their own, which lie side by side. */
enum catalog_width { CATALOG_32, CATALOG_64 };
enum { CATALOG_WIDTHS = 2 };
#ifdef _WIN64
#define CATALOG_NATIVE CATALOG_64
#else
#define CATALOG_NATIVE CATALOG_32
#endif

struct catalog_item {
  WSAPROTOCOL_INFOW info;
  WCHAR path[MAX_PATH]; /* unexpanded */
};

/* What the store holds and cannot make an item of, and why. Items that the rules find wanting (image_validate.h)
 * are items all the same, so that they can be removed. */
struct store_problem {
  DWORD position;         /* counted from 1, as the registry's keys are; 0: the whole catalog */
  DWORD catalog_entry_id; /* 0 if it cannot be told */
  const char *reason;     /* a literal */
};

struct store_image {
  DWORD serial;  /* differs when the store has changed */
  DWORD next_id; /* as stored; 1001 where there is none. One counter for both widths. A store
                  * without items and with 1001 here is fresh: the rules put the base entries in */
  size_t count;
  struct catalog_item *items; /* in catalog order; of a store that is written to only with ids that
                               * id_is_plausible (image_validate.h) */
  size_t problem_count;
  struct store_problem *problems;
};

/* "From position `first` (from 0) on, the catalog of this width is these `count` items."
 * Positions count the items that read() gives, not the faults among them. What
 * nobody can use stays where it is before item `first`, and goes to the end from there on,
 * unless it is to be dropped: then `first` is 0, and the catalog is made anew, whatever it was. */
struct store_splice {
  enum catalog_width width;
  size_t first;
  size_t count;
  const struct catalog_item *items;
  bool discard_invalid; /* a repair or a reset of the catalog */
};

struct catalog_store {
  const char *name;
  bool is_writable;
  /* 0, WSANO_RECOVERY (another writer holds it for too long, or no right to write),
   * WSA_NOT_ENOUGH_MEMORY, WSASYSCALLFAILURE. A store that is not writable always refuses, and
   * has none of the functions that stand between lock() and unlock(). */
  int (*lock)(void);
  void (*unlock)(void);
  int (*serial)(DWORD *serial);
  int (*read)(enum catalog_width width, struct store_image **image);
  int (*commit)(const struct store_splice *splices, size_t count,
                DWORD next_id); /* all of it or nothing */
  /* lock(), commit() and unlock() for a catalog that cannot be read: nothing is asked of what there
   * is, but that the counter stands at next_id at least, and above the entries of a width that is not
   * rebuilt as far as these can be read. All the tails drop faults. Of one width alone it may be
   * refused, where a change of both was left half made. NULL: reading fails for want of memory
   * only, or nothing is written. */
  int (*rebuild)(const struct store_splice *splices, size_t count, DWORD next_id);
  /* DWORDs of WSCSetProviderInfo and WSCSetApplicationCategory. WSASERVICE_NOT_FOUND: none
   * stored. To set 0 for a provider removes what is stored. The path of an application is
   * expanded, absolute and compared as CompareStringOrdinal does without case, `extra` character by
   * character: never by a locale. `extra` is never NULL, perhaps empty.
   * Setting stands between lock() and unlock(). */
  int (*get_provider_categories)(enum catalog_width width, const GUID *provider, DWORD *categories);
  int (*set_provider_categories)(enum catalog_width width, const GUID *provider, DWORD categories);
  /* The providers that have categories, in any order, between lock() and unlock() too.
   * WSASERVICE_NOT_FOUND behind the last; WSAEINVAL: something else is there. */
  int (*categorised_provider)(enum catalog_width width, DWORD index, GUID *provider);
  int (*get_application_categories)(const WCHAR *path, const WCHAR *extra, DWORD *categories);
  int (*set_application_categories)(const WCHAR *path, const WCHAR *extra, DWORD categories);
  /* Arms a one-shot notification: the event is set at the next change of the catalog, by
   * whichever process, perhaps for nothing: serial() tells. It stays open; arming it again replaces. */
  int (*notify)(HANDLE event);
};

/* The image, its items and its faults were allocated with heap_allocate. NULL is allowed. */
void store_free_image(struct store_image *image);

#endif
