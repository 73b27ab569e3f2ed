/* The way back to the base entries, from whatever a catalog has become. */
#include "catalog/base_entries.h"
#include "catalog/category_cleanup.h"
#include "catalog/transaction.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"

static int compute_reset(struct transaction *transaction, void *unused)
{
  int error = 0;

  (void)unused;
  transaction->categories = PURGE_ALL;
  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    transaction->is_changed[i] = transaction->table[i] != NULL;
    if (transaction->is_changed[i])
      error = catalog_edit_reset(&transaction->edit[i]);
  }
  return error;
}

/* Each is one write that counts, so a lock that cannot be had for what is broken is done without. */
static void end_categories(const struct catalog_store *store, unsigned widths)
{
  const bool is_locked = store->lock() == 0;

  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    if ((widths & 1U << i) != 0)
      categories_purge_all(store, (enum catalog_width)i);
  }
  if (is_locked)
    store->unlock();
}

/* Without a look at what there is. */
static int rebuild(const struct catalog_store *store, unsigned widths)
{
  struct store_splice splices[CATALOG_WIDTHS];
  struct catalog_edit edit;
  size_t count = 0;
  int error = catalog_edit_reset(&edit);

  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    if ((widths & 1U << i) == 0)
      continue;
    splices[count] = (struct store_splice){.width = (enum catalog_width)i,
                                           .count = edit.count,
                                           .items = edit.items,
                                           .discard_invalid = true};
    count++;
  }
  if (error == 0)
    error = store->rebuild(splices, count, FIRST_CATALOG_ID + BASE_ENTRIES_COUNT);
  catalog_edit_free(&edit);
  if (error == 0) {
    catalog_forget_tables(store);
    end_categories(store, widths);
  }
  return error;
}

/* Whoever could not have the lock, or has no right, is not helped by another way to write. */
static int reset(unsigned widths)
{
  const struct catalog_store *store = catalog_store_in_use();
  struct rejection rejection = {0};
  int error = store->is_writable ? store->lock() : reject(&rejection, WSANO_RECOVERY, ONLY_READ);
  const bool is_refused = error == WSANO_RECOVERY;

  if (error == 0) {
    error = transaction_run_locked(store, widths, compute_reset, NULL, &rejection);
    store->unlock();
  }
  if (error != 0 && !is_refused && store->rebuild != NULL)
    error = rebuild(store, widths);
  if (error != 0)
    rejection_log(&rejection, NULL, error);
  return error;
}

int WSPAPI Ws2SpiResetCatalog(DWORD dwWidth, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (dwWidth == 0 || (dwWidth & ~(DWORD)WS2SPI_WIDTH_BOTH) != 0)
    return spi_fail(lpErrno, WSAEINVAL);
  return spi_result(lpErrno, reset(dwWidth));
}
