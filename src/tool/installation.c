#include "tool/installation.h"

#include "tool/catalog_calls.h"
#include "tool/listing.h"
#include "tool/move_to_front.h"
#include "tool/output.h"

#include <ws2spi_lsp.h>

#include <rpc.h>
#include <stdlib.h>

/* The steps done so far. They are undone by ProviderId. */
struct progress {
  const struct installation *installation;
  size_t count;
  GUID *providers;
  struct id_list *ids;
};

static enum exit_code installation_step_failed(const struct progress *progress, const WCHAR *name,
                                               int error)
{
  print_diagnostic("\"%s\" could not be installed in the %d-bit catalog: %s (%d)",
                   utf8_from_wide(name).text, width_bits(progress->installation->width),
                   error_name(error), error);
  return EXIT_FAILED;
}

/* In reverse order: the chains before the dummy to which they refer. */
static void installation_undo(struct progress *progress)
{
  while (progress->count > 0) {
    const size_t last = --progress->count;
    const int error = catalog_deinstall(progress->installation->width, &progress->providers[last]);

    if (error != 0)
      print_diagnostic("entry %lu is left in the %d-bit catalog, because it could not be removed: "
                       "%s (%d)",
                       progress->ids->ids[last], width_bits(progress->installation->width),
                       error_name(error), error);
  }
  id_list_free(progress->ids);
}

static enum exit_code installation_add_entry(struct progress *progress, const GUID *provider,
                                             const WSAPROTOCOL_INFOW *entry)
{
  const struct installation *const installation = progress->installation;
  struct id_list *const ids = progress->ids;
  int error = WSA_NOT_ENOUGH_MEMORY;

  if (id_list_add(ids, 0))
    error = catalog_install(installation->width, provider, installation->path, entry,
                            &ids->ids[ids->count - 1]);
  if (error != 0)
    return installation_step_failed(progress, entry->szProtocol, error);
  progress->providers[progress->count++] = *provider;
  return EXIT_DONE;
}

static enum exit_code installation_add_dummy(struct progress *progress)
{
  const struct installation *const installation = progress->installation;
  WSAPROTOCOL_INFOW entry;
  const int error =
      Ws2SpiMakeDummyEntry(installation->targets[0], installation->name, &installation->provider,
                           installation->service_flags, &entry);

  return error == 0 ? installation_add_entry(progress, &installation->provider, &entry)
                    : installation_step_failed(progress, installation->name, error);
}

static enum exit_code installation_add_chain(struct progress *progress,
                                             const WSAPROTOCOL_INFOW *target)
{
  const struct installation *const installation = progress->installation;
  WSAPROTOCOL_INFOW entry;
  GUID provider;
  int error = Ws2SpiMakeChainEntry(target, installation->name, progress->ids->ids[0],
                                   installation->service_flags, &entry);

  if (error == 0 && UuidCreate(&provider) != RPC_S_OK)
    error = WSASYSCALLFAILURE;
  return error == 0 ? installation_add_entry(progress, &provider, &entry)
                    : installation_step_failed(progress, target->szProtocol, error);
}

static enum exit_code installation_move_chains(const struct progress *progress)
{
  const struct id_list chains = {progress->ids->count - 1, progress->ids->ids + 1};
  const int error = move_to_front(progress->installation->width, &chains);

  if (error == 0)
    return EXIT_DONE;
  print_diagnostic("the chains could not be moved to the front of the %d-bit catalog: %s (%d)",
                   width_bits(progress->installation->width), error_name(error), error);
  return EXIT_FAILED;
}

enum exit_code installation_run(const struct installation *installation, struct id_list *ids)
{
  struct progress progress = {.installation = installation, .ids = ids};
  enum exit_code code;

  *ids = (struct id_list){0};
  progress.providers = malloc((installation->target_count + 1) * sizeof *progress.providers);
  if (progress.providers == NULL)
    return out_of_memory();
  code = installation_add_dummy(&progress);
  for (size_t i = 0; code == EXIT_DONE && i < installation->target_count; i++)
    code = installation_add_chain(&progress, installation->targets[i]);
  if (code == EXIT_DONE)
    code = installation_move_chains(&progress);
  if (code != EXIT_DONE)
    installation_undo(&progress);
  free(progress.providers);
  return code;
}
