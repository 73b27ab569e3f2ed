/* Ws2SpiRepairCatalog: removes the entries that nobody can use. */
#include "catalog/transaction.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
#include "wsc/arguments.h"

static int repair_compute(struct transaction *transaction, void *unused)
{
  int error = 0;

  (void)unused;
  transaction->categories = PURGE_ORPHANS;
  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    transaction->is_changed[i] = transaction->table[i] != NULL;
    if (transaction->is_changed[i])
      error = catalog_edit_repair(&transaction->edit[i], transaction->table[i]);
  }
  return error;
}

int WSPAPI Ws2SpiRepairCatalog(DWORD dwWidth, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!widths_are_valid(dwWidth))
    return spi_fail(lpErrno, WSAEINVAL);
  return spi_result(lpErrno, transaction_run(dwWidth, repair_compute, NULL, NULL));
}
