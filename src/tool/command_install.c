#include "tool/commands.h"

#include "platform/guid_text.h"
#include "tool/image_file.h"
#include "tool/installation.h"
#include "tool/layer_targets.h"
#include "tool/listing.h"
#include "tool/output.h"
#include "tool/provider_file.h"

#include <rpc.h>
#include <string.h>
#include <wchar.h>

/* --- the command line ------------------------------------------------------------------ */

static enum exit_code install_set_name(struct installation *installation,
                                       const struct command_line *line)
{
  if ((line->given & OPTION_NAME) == 0) {
    print_diagnostic("install needs --name NAME");
    return EXIT_USAGE;
  }
  if (line->name[0] == '\0' || !utf8_to_wide(line->name, installation->name, WSAPROTOCOL_LEN + 1)) {
    print_diagnostic("the name must have 1 to %d characters", WSAPROTOCOL_LEN);
    return EXIT_USAGE;
  }
  if ((line->given & OPTION_OVER) != 0 && (line->given & OPTION_ALL) != 0) {
    print_diagnostic("--over and --all cannot be combined");
    return EXIT_USAGE;
  }
  return EXIT_DONE;
}

static enum exit_code install_set_provider(struct installation *installation,
                                           const struct command_line *line)
{
  if (line->guid == NULL) {
    if (UuidCreate(&installation->provider) == RPC_S_OK)
      return EXIT_DONE;
    print_diagnostic("the system could not make a new provider id");
    return EXIT_FAILED;
  }
  if (guid_from_text(line->guid, &installation->provider))
    return EXIT_DONE;
  print_diagnostic("\"%s\" is not a GUID", line->guid);
  return EXIT_USAGE;
}

/* --- the DLL ------------------------------------------------------------------------------ */

/* A path with environment strings is stored as given, any other as a full path. */
static BOOL install_set_path(struct installation *installation, const char *dll)
{
  WCHAR given[MAX_PATH];
  DWORD length;

  if (!utf8_to_wide(dll, given, MAX_PATH))
    return FALSE;
  if (wcschr(given, L'%') != NULL) {
    wcscpy(installation->path, given);
    return TRUE;
  }
  length = GetFullPathNameW(given, MAX_PATH, installation->path, NULL);
  return length > 0 && length < MAX_PATH;
}

static enum exit_code install_refuse_image(const char *dll, enum image_kind kind)
{
  static const char *const reasons[] = {
      [IMAGE_MISSING] = "cannot be opened",
      [IMAGE_NOT_A_DLL] = "is not a DLL for x86 or x86-64",
      [IMAGE_NO_STARTUP] = "does not export WSPStartup under its undecorated name",
  };

  print_diagnostic("%s %s", dll, reasons[kind]);
  return EXIT_REFUSED;
}

/* A process loads DLLs of its own word size only, so the DLL decides which catalog is changed. */
static enum exit_code install_set_dll(struct installation *installation,
                                      const struct command_line *line, const char *dll)
{
  WCHAR file[MAX_PATH];
  struct image image;

  if (!install_set_path(installation, dll) ||
      !provider_file(WS2SPI_WIDTH_NATIVE, installation->path, file)) {
    print_diagnostic("the path %s is not absolute, or is longer than %d characters", dll,
                     MAX_PATH - 1);
    return EXIT_REFUSED;
  }
  image = image_read(file);
  if (image.kind != IMAGE_OK)
    return install_refuse_image(dll, image.kind);
  if (line->widths != 0 && line->widths != image.width) {
    print_diagnostic("%s is a %d-bit DLL, which only the %d-bit catalog can have", dll,
                     width_bits(image.width), width_bits(image.width));
    return EXIT_REFUSED;
  }
  installation->width = image.width;
  return EXIT_DONE;
}

/* --- the catalog ----------------------------------------------------------------------------- */

/* WSCInstallProviderAndChains compares names with case, too. */
static BOOL install_is_same_layer(const struct installation *installation,
                                  const WSAPROTOCOL_INFOW *info)
{
  return IsEqualGUID(&info->ProviderId, &installation->provider) ||
         (info->ProtocolChain.ChainLen == LAYERED_PROTOCOL &&
          wcscmp(info->szProtocol, installation->name) == 0);
}

static enum exit_code install_check_absence(const struct installation *installation,
                                            const struct listing *listing)
{
  for (size_t i = 0; i < listing->count; i++) {
    const WSAPROTOCOL_INFOW *const info = &listing->entries[i].ProtocolInfo;

    if (install_is_same_layer(installation, info)) {
      print_diagnostic(
          "entry %lu \"%s\" of the %d-bit catalog already has this name or provider id",
          info->dwCatalogEntryId, utf8_from_wide(info->szProtocol).text,
          width_bits(listing->width));
      return EXIT_REFUSED;
    }
  }
  return EXIT_DONE;
}

static enum exit_code install_print_entries(DWORD width, const struct id_list *ids)
{
  struct listing listing;
  const enum exit_code code = listing_read(&listing, width);

  if (code != EXIT_DONE)
    return code;
  for (size_t i = 0; i < ids->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = listing_find(&listing, ids->ids[i]);

    if (entry != NULL)
      print("%lu %s\n", ids->ids[i], utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
  }
  listing_free(&listing);
  return code;
}

static enum exit_code install_over(struct installation *installation, const struct listing *listing,
                                   const struct command_line *line)
{
  struct id_list ids = {0};
  enum exit_code code = install_check_absence(installation, listing);

  if (code == EXIT_DONE)
    code = layer_targets_choose(installation, listing,
                                (line->given & OPTION_OVER) != 0 ? &line->over : NULL);
  if (code == EXIT_DONE)
    code = installation_run(installation, &ids);
  if (code == EXIT_DONE)
    code = install_print_entries(installation->width, &ids);
  id_list_free(&ids);
  layer_targets_free(installation);
  return code;
}

enum exit_code command_install(const struct command_line *line)
{
  struct installation installation = {
      .service_flags = (line->given & OPTION_NON_IFS) != 0 ? 0 : XP1_IFS_HANDLES};
  struct listing listing;
  enum exit_code code = install_set_name(&installation, line);

  if (code == EXIT_DONE)
    code = install_set_provider(&installation, line);
  if (code == EXIT_DONE)
    code = install_set_dll(&installation, line, line->arguments[0]);
  if (code == EXIT_DONE)
    code = listing_read(&listing, installation.width);
  if (code == EXIT_DONE) {
    code = install_over(&installation, &listing, line);
    listing_free(&listing);
  }
  return code;
}
