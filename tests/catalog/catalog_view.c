#include "catalog_view.h"

#include "support/fake_provider.h"
#include "support/machine_registry.h"
#include "support/on_wine.h"

#include <stdlib.h>

void delete_the_prefixs_catalog(void)
{
  static const WCHAR *const keys[] = {L"Protocol_Catalog9", L"AppId_Catalog"};
  HKEY parameters;

  if (!on_wine()) {
    print_error("this is Windows, whose own catalog is not deleted\n");
    exit(1);
  }
  machine_registry_give_up();
  if (RegOpenKeyExW(HKEY_LOCAL_MACHINE,
                    L"SYSTEM\\CurrentControlSet\\Services\\WinSock2\\Parameters", 0, KEY_ALL_ACCESS,
                    &parameters) != 0)
    return;
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    if (RegDeleteTreeW(parameters, keys[i]) == 0)
      RegDeleteKeyW(parameters, keys[i]);
  }
  RegCloseKey(parameters);
}

void start_with_a_fresh_catalog(void)
{
  if (is_over_the_registry())
    delete_the_prefixs_catalog();
}

/* Tries again if the catalog has grown between the two calls. */
struct catalog_view catalog_view_take(void)
{
  struct catalog_view view = {-1, NULL};
  DWORD bytes = 0, room;
  int error;

  WSCEnumProtocols(NULL, NULL, &bytes, &error);
  do {
    room = bytes;
    free(view.info);
    view.info = malloc(room);
    if (view.info != NULL)
      view.count = WSCEnumProtocols(NULL, view.info, &bytes, &error);
  } while (view.count == SOCKET_ERROR && bytes > room);
  return view;
}

void catalog_view_free(struct catalog_view *view)
{
  free(view->info);
}

int catalog_count(void)
{
  struct catalog_view view = catalog_view_take();

  catalog_view_free(&view);
  return view.count;
}

BOOL catalog_find(DWORD id, WSAPROTOCOL_INFOW *info)
{
  struct catalog_view view = catalog_view_take();
  BOOL found = FALSE;

  for (int i = 0; i < view.count && !found; i++) {
    found = view.info[i].dwCatalogEntryId == id;
    if (found)
      *info = view.info[i];
  }
  catalog_view_free(&view);
  return found;
}

GUID numbered_guid(unsigned number)
{
  const GUID guid = {number, 0x1234, 0x5678, {1, 2, 3, 4, 5, 6, 7, 8}};

  return guid;
}

DWORD newest_id_of(const GUID *provider_id)
{
  struct catalog_view view = catalog_view_take();
  DWORD id = 0;

  for (int i = 0; i < view.count; i++) {
    if (IsEqualGUID(&view.info[i].ProviderId, provider_id))
      id = view.info[i].dwCatalogEntryId;
  }
  catalog_view_free(&view);
  return id;
}

DWORD install_one(unsigned number, const WCHAR *path)
{
  GUID guid = numbered_guid(number);
  WSAPROTOCOL_INFOW info;
  int error;

  fake_provider_info(&info);
  return WSCInstallProvider(&guid, path, &info, 1, &error) == 0 ? newest_id_of(&guid) : 0;
}

void deinstall_one(unsigned number)
{
  GUID guid = numbered_guid(number);
  int error;

  WSCDeinstallProvider(&guid, &error);
}

DWORD install_tower(unsigned number)
{
  DWORD first = 0;

  for (unsigned level = 0; level <= TOWER_HEIGHT; level++) {
    GUID guid = numbered_guid(number + level);
    WSAPROTOCOL_INFOW info;
    int error;

    fake_provider_info(&info);
    info.iProtocol = TOWER_PROTOCOL + (int)level;
    if (level > 0) {
      info.ProtocolChain.ChainLen = 2;
      info.ProtocolChain.ChainEntries[0] = first + level - 1;
      info.ProtocolChain.ChainEntries[1] = first;
    }
    if (level == 1)
      info.ProtocolChain.ChainEntries[1] = 1001;
    if (WSCInstallProvider(&guid, L"C:\\tower.dll", &info, 1, &error) != 0)
      return 0;
    if (level == 0)
      first = newest_id_of(&guid);
  }
  return first;
}

void deinstall_tower(unsigned number)
{
  for (unsigned level = TOWER_HEIGHT + 1; level-- > 0;)
    deinstall_one(number + level);
}
