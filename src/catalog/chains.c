#include "catalog/chains.h"

#include "catalog/overlay.h"
#include "platform/heap.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

static struct protocol_key chains_key_of(const WSAPROTOCOL_INFOW *info)
{
  return (struct protocol_key){info->iAddressFamily, info->iSocketType, info->iProtocol};
}

static bool chains_is_base(const struct stored_entry *entry)
{
  return entry->problem == NULL && entry->entry.info.ProtocolChain.ChainLen == BASE_PROTOCOL;
}

/* --- over all base protocols: those of both widths ------------------------------------ */

static const char NO_BASE_PROTOCOL[] = "the catalog has no base protocol to install over";

static void chains_collect_from(struct chains_request *request, struct protocol_map *seen,
                                const struct entry_table *table)
{
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next) {
    const struct protocol_key key = chains_key_of(&entry->entry.info);

    if (chains_is_base(entry) && protocol_map_add(seen, &key, entry))
      request->protocols[request->count++] = key;
  }
}

static int chains_collect_protocols(struct chains_request *request,
                                    const struct transaction *transaction,
                                    struct rejection *rejection)
{
  struct protocol_map seen = {0};
  size_t most = 0;

  for (int i = 0; i < CATALOG_WIDTHS; i++)
    most += transaction->table[i] != NULL ? transaction->table[i]->count : 0;
  request->protocols = heap_allocate((most + 1) * sizeof *request->protocols);
  if (request->protocols == NULL || !protocol_map_allocate(&seen, most))
    return WSA_NOT_ENOUGH_MEMORY;
  for (int i = 0; i < CATALOG_WIDTHS; i++) {
    if (transaction->table[i] != NULL)
      chains_collect_from(request, &seen, transaction->table[i]);
  }
  protocol_map_free(&seen);
  return request->count != 0 ? 0 : reject(rejection, WSANO_RECOVERY, NO_BASE_PROTOCOL);
}

/* --- the lower entries ---------------------------------------------------------------- */

/* Maps each protocol to its first entry in the catalog; over all, to its base entry, which a width
 * may lack. */
static bool chains_map_lowers(struct protocol_map *lowers, const struct chains_request *request,
                              const struct entry_table *table)
{
  if (!protocol_map_allocate(lowers, table->count))
    return false;
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next) {
    const struct protocol_key key = chains_key_of(&entry->entry.info);

    if (entry->problem == NULL && entry->entry.info.ProtocolChain.ChainLen >= BASE_PROTOCOL &&
        (!request->over_all || chains_is_base(entry)))
      protocol_map_add(lowers, &key, entry);
  }
  return true;
}

static int chains_check(const struct chains_request *request, const struct entry_table *table,
                        struct rejection *rejection)
{
  if (entry_table_find_provider(table, &request->provider_id) != NULL)
    return reject(rejection, WSANO_RECOVERY, PROVIDER_IS_INSTALLED);
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next) {
    if (entry->entry.info.ProtocolChain.ChainLen == LAYERED_PROTOCOL && entry->problem == NULL &&
        wcscmp(entry->entry.info.szProtocol, request->name) == 0)
      return reject_entry(rejection, WSAEINVAL, entry->entry.info.dwCatalogEntryId,
                          "a layer with this name is already installed");
  }
  return 0;
}

/* --- the new entries, as Microsoft's LSP sample makes them ---------------------------- */

static void chains_set_ifs_flag(WSAPROTOCOL_INFOW *info, DWORD service_flags)
{
  if (service_flags == 0)
    info->dwServiceFlags1 &= ~(DWORD)XP1_IFS_HANDLES;
}

static void chains_make_chain(struct catalog_item *item, const struct chains_request *request,
                              const struct stored_entry *lower, size_t index,
                              enum catalog_width width)
{
  WSAPROTOCOL_INFOW *info = &item->info;
  WSAPROTOCOLCHAIN *chain = &info->ProtocolChain;

  *info = lower->entry.info;
  info->dwCatalogEntryId = request->layer_id + 1 + (DWORD)index;
  info->ProviderId = request->chain_id;
  info->ProviderId.Data1 += (DWORD)index;
  for (int i = chain->ChainLen; i > 1; i--)
    chain->ChainEntries[i] = chain->ChainEntries[i - 1];
  chain->ChainEntries[0] = request->layer_id;
  chain->ChainEntries[1] = lower->entry.info.dwCatalogEntryId;
  chain->ChainLen++;
  chains_set_ifs_flag(info, request->service_flags);
  memset(info->szProtocol, 0, sizeof info->szProtocol);
  _snwprintf(info->szProtocol, WSAPROTOCOL_LEN, L"%ls over [%ls]", request->name,
             lower->entry.info.szProtocol);
  memcpy(item->path, request->path[width], sizeof item->path);
}

static void chains_make_layer(struct catalog_item *item, const struct chains_request *request,
                              const struct stored_entry *lower, enum catalog_width width)
{
  WSAPROTOCOL_INFOW *info = &item->info;

  *info = lower->entry.info;
  info->dwCatalogEntryId = request->layer_id;
  info->ProviderId = request->provider_id;
  info->ProtocolChain = (WSAPROTOCOLCHAIN){0};
  info->iSocketType = 0;
  info->iProtocol = 0;
  info->iProtocolMaxOffset = 0;
  info->dwProviderFlags |= PFL_HIDDEN;
  info->dwProviderFlags &= ~(DWORD)PFL_MATCHES_PROTOCOL_ZERO;
  chains_set_ifs_flag(info, request->service_flags);
  memset(info->szProtocol, 0, sizeof info->szProtocol);
  memcpy(info->szProtocol, request->name, (size_t)lstrlenW(request->name) * sizeof(WCHAR));
  memcpy(item->path, request->path[width], sizeof item->path);
}

/* --- the new catalog: chains first, the layer last ------------------------------------ */

/* Stores the first lower entry, from which the layer is made. */
static int chains_add_chains(struct catalog_edit *edit, const struct chains_request *request,
                             const struct protocol_map *lowers, enum catalog_width width,
                             const struct stored_entry **first)
{
  *first = NULL;
  for (size_t i = 0; i < request->count; i++) {
    const struct stored_entry *lower = protocol_map_find(lowers, &request->protocols[i]);

    if (lower == NULL && !request->over_all)
      return reject_list_index(&edit->rejection, WSAEINVAL, request->list_index[i],
                               "no entry has this family, type and protocol");
    if (lower == NULL)
      continue;
    if (lower->entry.info.ProtocolChain.ChainLen >= MAX_PROTOCOL_CHAIN)
      return reject_entry(&edit->rejection, WSANO_RECOVERY, lower->entry.info.dwCatalogEntryId,
                          "a chain over this entry would be too long");
    *first = *first == NULL ? lower : *first;
    edit->must_be_valid[edit->count] = true;
    chains_make_chain(&edit->items[edit->count++], request, lower, i, width);
  }
  return *first != NULL ? 0 : reject(&edit->rejection, WSANO_RECOVERY, NO_BASE_PROTOCOL);
}

static void chains_add_present(struct catalog_edit *edit, const struct entry_table *table)
{
  for (const struct stored_entry *entry = table->first; entry != NULL; entry = entry->next) {
    edit->must_be_valid[edit->count] = entry->problem == NULL;
    edit->items[edit->count++] = entry->entry.item;
  }
}

static int chains_add_all(struct catalog_edit *edit, const struct chains_request *request,
                          const struct entry_table *table, enum catalog_width width)
{
  struct protocol_map lowers = {0};
  const struct stored_entry *first;
  int error = WSA_NOT_ENOUGH_MEMORY;

  edit->count = 0;
  if (chains_map_lowers(&lowers, request, table))
    error = chains_add_chains(edit, request, &lowers, width, &first);
  protocol_map_free(&lowers);
  if (error != 0)
    return error;
  chains_add_present(edit, table);
  edit->must_be_valid[edit->count] = true;
  chains_make_layer(&edit->items[edit->count++], request, first, width);
  return 0;
}

/* WSANO_RECOVERY is the page's code for an entry that cannot be created. */
static int chains_compute_width(struct catalog_edit *edit, const struct chains_request *request,
                                const struct entry_table *table, enum catalog_width width)
{
  int error = chains_check(request, table, &edit->rejection);

  if (error != 0)
    return error;
  if (!catalog_edit_allocate(edit, 0, request->count + table->count + 1) ||
      !catalog_edit_require_valid(edit, WSANO_RECOVERY))
    return WSA_NOT_ENOUGH_MEMORY;
  return chains_add_all(edit, request, table, width);
}

int chains_compute(struct transaction *transaction, void *argument)
{
  struct chains_request *request = argument;
  int error = 0;

  if (overlay_has_provider(&request->provider_id))
    return reject(&transaction->rejection, WSANO_RECOVERY, PROVIDER_IS_REGISTERED);
  if (request->over_all)
    error = chains_collect_protocols(request, transaction, &transaction->rejection);
  if (error == 0 && !transaction_take_ids(transaction, request->count + 1, &request->layer_id))
    error = reject(&transaction->rejection, WSANO_RECOVERY, NO_IDS_LEFT);
  transaction->new_provider = &request->provider_id;
  for (int i = 0; error == 0 && i < CATALOG_WIDTHS; i++) {
    transaction->is_changed[i] = transaction->table[i] != NULL;
    if (transaction->is_changed[i])
      error = chains_compute_width(&transaction->edit[i], request, transaction->table[i],
                                   (enum catalog_width)i);
  }
  return error;
}
