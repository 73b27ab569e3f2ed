#include "catalog_fixture.h"

#include "cmocka_and_store.h"

#include <wchar.h>

struct catalog_item item_make(DWORD id)
{
  struct catalog_item item = {0};

  item.info.dwServiceFlags1 = XP1_IFS_HANDLES | id;
  item.info.ProviderId = (GUID){id, 1, 2, {3, 4, 5, 6, 7, 8, 9, 10}};
  item.info.dwCatalogEntryId = id;
  item.info.ProtocolChain.ChainLen = BASE_PROTOCOL;
  item.info.iVersion = 2;
  item.info.iAddressFamily = AF_INET;
  item.info.iSocketType = SOCK_STREAM;
  item.info.dwMessageSize = ~id;
  wsprintfW(item.info.szProtocol, L"Entry %lu \x00e4\x4e2d", id);
  wsprintfW(item.path, L"%%SystemRoot%%\\system32\\provider%lu.dll", id);
  return item;
}

void items_make(struct catalog_item *items, size_t count, DWORD first_id)
{
  for (size_t i = 0; i < count; i++)
    items[i] = item_make(first_id + (DWORD)i);
}

bool item_is_equal(const struct catalog_item *left, const struct catalog_item *right)
{
  return memcmp(&left->info, &right->info, sizeof left->info) == 0 &&
         wcscmp(left->path, right->path) == 0;
}

int items_commit(const struct store_splice *splices, size_t count, DWORD next_id)
{
  int error = store_registry.lock();

  if (error != 0)
    return error;
  error = store_registry.commit(splices, count, next_id);
  store_registry.unlock();
  return error;
}

int items_put(enum catalog_width width, size_t first, const struct catalog_item *items,
              size_t count, DWORD next_id)
{
  const struct store_splice splice = {
      .width = width, .first = first, .count = count, .items = items};

  return items_commit(&splice, 1, next_id);
}

int layer_install(GUID *provider, WSAPROTOCOL_INFOW *over, DWORD count)
{
  WCHAR path[] = L"C:\\lsp.dll", name[] = L"Layer";
  int error = -1;
#ifdef _WIN64
  const int result =
      WSCInstallProviderAndChains64_32(provider, path, path, name, 0, over, count, NULL, &error);
#else
  const int result =
      WSCInstallProviderAndChains(provider, path, name, 0, over, count, NULL, &error);
#endif

  return result == 0 ? 0 : error;
}

struct snapshot snapshot_take(void)
{
  struct snapshot snapshot = {0};

  for (int width = CATALOG_32; width <= CATALOG_64; width++)
    assert_int_equal(store_registry.read((enum catalog_width)width, &snapshot.image[width]), 0);
  return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
  for (int width = CATALOG_32; width <= CATALOG_64; width++)
    store_free_image(snapshot->image[width]);
  *snapshot = (struct snapshot){0};
}

static bool image_is_equal(const struct store_image *left, const struct store_image *right)
{
  if (left->count != right->count || left->problem_count != right->problem_count ||
      left->next_id != right->next_id)
    return false;
  for (size_t i = 0; i < left->count; i++) {
    if (!item_is_equal(&left->items[i], &right->items[i]))
      return false;
  }
  for (size_t i = 0; i < left->problem_count; i++) {
    if (left->problems[i].position != right->problems[i].position ||
        strcmp(left->problems[i].reason, right->problems[i].reason) != 0)
      return false;
  }
  return true;
}

bool snapshot_is_equal(const struct snapshot *left, const struct snapshot *right)
{
  return image_is_equal(left->image[CATALOG_32], right->image[CATALOG_32]) &&
         image_is_equal(left->image[CATALOG_64], right->image[CATALOG_64]);
}
