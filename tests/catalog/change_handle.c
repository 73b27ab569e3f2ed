#include "support/cmocka_headers.h"

#include "change_handle.h"

#include "catalog_view.h"

HANDLE change_handle;

int change_handle_open(void **state)
{
  change_handle = NULL;
  return WSAProviderConfigChange(&change_handle, NULL, NULL) == 0 && change_handle != NULL ? 0 : -1;
}

int change_handle_close(void **state)
{
  deinstall_one(1);
  deinstall_one(2);
  if (change_handle != NULL)
    CloseHandle(change_handle);
  return 0;
}

void change_catalog(unsigned number)
{
  assert_int_not_equal(install_one(number, L"C:\\lsp.dll"), 0);
}

int wait_for_change(WSAOVERLAPPED *overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine)
{
  SetLastError(UNTOUCHED);
  return WSAProviderConfigChange(&change_handle, overlapped, routine) == 0 ? 0
                                                                           : (int)GetLastError();
}
