#include "tool/installation.h"

#include "tool/catalog_calls.h"
#include "tool/listing.h"
#include "tool/output.h"
#include "tool/move_to_front.h"

#include <ws2spi_lsp.h>

#include <rpc.h>
#include <stdlib.h>

/* What was installed so far, by ProviderId: that is how it can be removed again. */
struct progress {
  const struct installation *installation;
  size_t count;
  GUID *providers;
  struct id_list *ids;
};

static enum exit_code complain_of_step(const struct progress *progress, const WCHAR *name,
                                       int error)
{
  complain("\"%s\" cannot be installed in the %d-bit catalog: %s (%d)", utf8_from_wide(name).text,
           width_bits(progress->installation->width), error_name(error), error);
  return EXIT_FAILED;
}

/* From the last: chains before the dummy that they need. */
static void undo(struct progress *progress)
{
  while (progress->count > 0) {
    const size_t last = --progress->count;
    const int error = catalog_deinstall(progress->installation->width, &progress->providers[last]);

    if (error != 0)
      complain("entry %lu is left in the %d-bit catalog: %s (%d)", progress->ids->ids[last],
               width_bits(progress->installation->width), error_name(error), error);
  }
  id_list_free(progress->ids);
}

static enum exit_code install_entry(struct progress *progress, const GUID *provider,
                                    const WSAPROTOCOL_INFOW *entry)
{
  const struct installation *const installation = progress->installation;
  struct id_list *const ids = progress->ids;
  int error = WSA_NOT_ENOUGH_MEMORY;

  if (id_list_add(ids, 0))
    error = catalog_install(installation->width, provider, installation->path, entry,
                            &ids->ids[ids->count - 1]);
  if (error != 0)
    return complain_of_step(progress, entry->szProtocol, error);
  progress->providers[progress->count++] = *provider;
  return EXIT_DONE;
}

static enum exit_code install_dummy(struct progress *progress)
{
  const struct installation *const installation = progress->installation;
  WSAPROTOCOL_INFOW entry;
  const int error =
      Ws2SpiMakeDummyEntry(installation->lower[0], installation->name, &installation->provider,
                           installation->service_flags, &entry);

  return error == 0 ? install_entry(progress, &installation->provider, &entry)
                    : complain_of_step(progress, installation->name, error);
}

static enum exit_code install_chain(struct progress *progress, const WSAPROTOCOL_INFOW *lower)
{
  const struct installation *const installation = progress->installation;
  WSAPROTOCOL_INFOW entry;
  GUID provider;
  int error = Ws2SpiMakeChainEntry(lower, installation->name, progress->ids->ids[0],
                                   installation->service_flags, &entry);

  if (error == 0 && UuidCreate(&provider) != RPC_S_OK)
    error = WSASYSCALLFAILURE;
  return error == 0 ? install_entry(progress, &provider, &entry)
                    : complain_of_step(progress, lower->szProtocol, error);
}

static enum exit_code put_chains_first(const struct progress *progress)
{
  const struct id_list chains = {progress->ids->count - 1, progress->ids->ids + 1};
  const int error = put_first(progress->installation->width, &chains);

  if (error == 0)
    return EXIT_DONE;
  complain("the chains cannot be put in front in the %d-bit catalog: %s (%d)",
           width_bits(progress->installation->width), error_name(error), error);
  return EXIT_FAILED;
}

enum exit_code installation_run(const struct installation *installation, struct id_list *ids)
{
  struct progress progress = {.installation = installation, .ids = ids};
  enum exit_code code = EXIT_FAILED;

  *ids = (struct id_list){0};
  progress.providers = malloc((installation->lower_count + 1) * sizeof *progress.providers);
  if (progress.providers == NULL)
    complain("memory is exhausted");
  else
    code = install_dummy(&progress);
  for (size_t i = 0; code == EXIT_DONE && i < installation->lower_count; i++)
    code = install_chain(&progress, installation->lower[i]);
  if (code == EXIT_DONE)
    code = put_chains_first(&progress);
  if (code != EXIT_DONE)
    undo(&progress);
  free(progress.providers);
  return code;
}
