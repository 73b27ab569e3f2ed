#include "tool/commands.h"

#include "tool/guid_text.h"
#include "tool/image_file.h"
#include "tool/installation.h"
#include "tool/listing.h"
#include "tool/layer_targets.h"
#include "tool/output.h"
#include "tool/provider_file.h"

#include <rpc.h>
#include <string.h>
#include <wchar.h>

/* --- the command line ------------------------------------------------------------------ */

static enum exit_code take_name(struct installation *installation, const struct request *request)
{
  if ((request->given & OPTION_NAME) == 0 ||
      (request->given & (OPTION_OVER | OPTION_ALL)) == (OPTION_OVER | OPTION_ALL)) {
    complain((request->given & OPTION_NAME) == 0 ? "install wants --name NAME"
                                                 : "--over and --all exclude each other");
    return EXIT_USAGE;
  }
  if (request->name[0] == '\0' ||
      !utf8_to_wide(request->name, installation->name, WSAPROTOCOL_LEN + 1)) {
    complain("a name has 1 to %d characters", WSAPROTOCOL_LEN);
    return EXIT_USAGE;
  }
  return EXIT_DONE;
}

static enum exit_code take_provider(struct installation *installation,
                                    const struct request *request)
{
  if (request->guid == NULL) {
    if (UuidCreate(&installation->provider) == RPC_S_OK)
      return EXIT_DONE;
    complain("the system gives no fresh provider id");
    return EXIT_FAILED;
  }
  if (guid_from_text(request->guid, &installation->provider))
    return EXIT_DONE;
  complain("\"%s\" is no GUID", request->guid);
  return EXIT_USAGE;
}

/* --- the DLL ------------------------------------------------------------------------------ */

/* A path with environment strings is stored as it is given, any other one in full. */
static BOOL take_path(struct installation *installation, const char *dll)
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

static enum exit_code refuse_image(const char *dll, enum image_kind kind)
{
  static const char *const reasons[] = {
      [IMAGE_NOT_THERE] = "cannot be opened",
      [IMAGE_NO_DLL] = "is not a DLL for x86 or x86-64",
      [IMAGE_NO_STARTUP] = "does not export WSPStartup under that name",
  };

  complain("%s %s", dll, reasons[kind]);
  return EXIT_REFUSED;
}

/* The catalog is that of the DLL's word size, since no process of the other loads it. */
static enum exit_code take_dll(struct installation *installation, const struct request *request,
                               const char *dll)
{
  WCHAR file[MAX_PATH];
  struct image image;

  if (!take_path(installation, dll) ||
      !provider_file(WS2SPI_WIDTH_NATIVE, installation->path, file)) {
    complain("%s is not absolute, or longer than %d characters", dll, MAX_PATH - 1);
    return EXIT_REFUSED;
  }
  image = image_read(file);
  if (image.kind == IMAGE_OK && request->widths != 0 && request->widths != image.width) {
    complain("%s is a %d-bit DLL and can be in that catalog only", dll, width_bits(image.width));
    return EXIT_REFUSED;
  }
  installation->width = image.width;
  return image.kind == IMAGE_OK ? EXIT_DONE : refuse_image(dll, image.kind);
}

/* --- the catalog ----------------------------------------------------------------------------- */

/* The same name, character by character, is what the DLL refuses for chains. */
static BOOL is_same_layer(const struct installation *installation, const WSAPROTOCOL_INFOW *info)
{
  return IsEqualGUID(&info->ProviderId, &installation->provider) ||
         (info->ProtocolChain.ChainLen == LAYERED_PROTOCOL &&
          wcscmp(info->szProtocol, installation->name) == 0);
}

static enum exit_code check_absence(const struct installation *installation,
                                    const struct listing *listing)
{
  for (size_t i = 0; i < listing->count; i++) {
    const WSAPROTOCOL_INFOW *const info = &listing->entries[i].ProtocolInfo;

    if (is_same_layer(installation, info)) {
      complain("entry %lu of the %d-bit catalog, \"%s\", has this name or provider id already",
               info->dwCatalogEntryId, width_bits(listing->width),
               utf8_from_wide(info->szProtocol).text);
      return EXIT_REFUSED;
    }
  }
  return EXIT_DONE;
}

static void print_installed(DWORD width, const struct id_list *ids)
{
  struct listing listing;

  if (listing_read(&listing, width) != EXIT_DONE)
    return;
  for (size_t i = 0; i < ids->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = listing_find(&listing, ids->ids[i]);

    if (entry != NULL)
      print("%lu %s\n", ids->ids[i], utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
  }
  listing_free(&listing);
}

static enum exit_code install_over(struct installation *installation, const struct listing *listing,
                                   const struct request *request)
{
  struct id_list ids = {0};
  enum exit_code code = check_absence(installation, listing);

  if (code == EXIT_DONE)
    code = lower_entries_choose(installation, listing,
                                (request->given & OPTION_OVER) != 0 ? &request->over : NULL);
  if (code == EXIT_DONE)
    code = installation_run(installation, &ids);
  if (code == EXIT_DONE)
    print_installed(installation->width, &ids);
  id_list_free(&ids);
  lower_entries_free(installation);
  return code;
}

enum exit_code command_install(const struct request *request, int count, const char **arguments)
{
  struct installation installation = {
      .service_flags = (request->given & OPTION_NON_IFS) != 0 ? 0 : XP1_IFS_HANDLES};
  struct listing listing;
  enum exit_code code = take_name(&installation, request);

  (void)count;
  if (code == EXIT_DONE)
    code = take_provider(&installation, request);
  if (code == EXIT_DONE)
    code = take_dll(&installation, request, arguments[0]);
  if (code == EXIT_DONE)
    code = listing_read(&listing, installation.width);
  if (code == EXIT_DONE) {
    code = install_over(&installation, &listing, request);
    listing_free(&listing);
  }
  return code;
}
