/* Ws2SpiResetCatalog: leaves only the base entries, even if the catalog cannot be read. */
#include "catalog/base_entries.h"
#include "catalog/category_cleanup.h"
#include "catalog/transaction.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"

static int reset_compute(struct transaction *transaction, void *unused)
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

/* Categories take one write each. So they are removed even if the lock of a damaged catalog cannot
 * be acquired. */
static void reset_purge_categories(const struct catalog_store *store, unsigned widths)
{
  const bool is_locked = store->lock() == 0;

  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    if ((widths & 1U << i) != 0)
      categories_purge_all(store, (enum catalog_width)i);
  }
  if (is_locked)
    store->unlock();
}

/* Writes the base entries without reading the catalog. */
static int reset_rebuild(const struct catalog_store *store, unsigned widths)
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
    reset_purge_categories(store, widths);
  }
  return error;
}

/* WSANO_RECOVERY means that another writer has the lock or that this process may not write; a
 * rebuild would fail in the same way. */
static int reset_catalog(unsigned widths)
{
  const struct catalog_store *store = catalog_store_in_use();
  struct rejection rejection = {0};
  int error =
      store->is_writable ? store->lock() : reject(&rejection, WSANO_RECOVERY, STORE_IS_READ_ONLY);
  const bool cannot_write = error == WSANO_RECOVERY;

  if (error == 0) {
    error = transaction_run_locked(store, widths, reset_compute, NULL, &rejection);
    store->unlock();
  }
  if (error != 0 && !cannot_write && store->rebuild != NULL)
    error = reset_rebuild(store, widths);
  if (error != 0)
    rejection_log(&rejection, NULL, error);
  return error;
}

int WSPAPI Ws2SpiResetCatalog(DWORD dwWidth, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!widths_are_valid(dwWidth))
    return spi_fail(lpErrno, WSAEINVAL);
  return spi_result(lpErrno, reset_catalog(dwWidth));
}
