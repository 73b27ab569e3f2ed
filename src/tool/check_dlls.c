#include "tool/findings.h"

#include "tool/image_file.h"
#include "tool/output.h"
#include "tool/provider_file.h"

#include <wchar.h>

static void repair_by_replacing(const struct findings *findings, const WS2SPI_CATALOG_ENTRY *entry)
{
  finding_repair("put the right file there, or ws2spi catalog remove %s %lu",
                 width_option(findings->listing->width), entry->ProtocolInfo.dwCatalogEntryId);
}

static void report_image(struct findings *findings, const WS2SPI_CATALOG_ENTRY *entry,
                         const struct image *image)
{
  const struct utf8_text path = utf8_from_wide(entry->szPath);

  switch (image->kind) {
  case IMAGE_NOT_THERE:
    finding(findings, entry, "its DLL cannot be opened: %s", path.text);
    break;
  case IMAGE_NO_DLL:
    finding(findings, entry, "its DLL is none for x86 or x86-64: %s", path.text);
    break;
  case IMAGE_NO_STARTUP:
    finding(findings, entry, "its DLL does not export WSPStartup under that name: %s", path.text);
    break;
  default:
    if (image->width == findings->listing->width)
      return;
    finding(findings, entry, "its DLL is a %d-bit one: %s", width_bits(image->width), path.text);
    break;
  }
  repair_by_replacing(findings, entry);
}

/* The file of the entry before is remembered: neighbours mostly share one. */
struct look {
  const WCHAR *stored;
  BOOL is_absolute;
  struct image image;
};

static void look_at(struct look *look, DWORD width, const WCHAR *stored)
{
  WCHAR file[MAX_PATH];

  if (look->stored != NULL && wcscmp(look->stored, stored) == 0)
    return;
  look->stored = stored;
  look->is_absolute = provider_file(width, stored, file);
  if (look->is_absolute)
    look->image = image_read(file);
}

/* The base provider is this DLL's own, whatever path is stored. */
BOOL check_dlls(struct findings *findings)
{
  const struct listing *const listing = findings->listing;
  struct look look = {NULL, FALSE, {IMAGE_OK, 0}};

  for (size_t i = 0; i < listing->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = &listing->entries[i];

    if (entry_is_base(entry))
      continue;
    look_at(&look, listing->width, entry->szPath);
    if (look.is_absolute) {
      report_image(findings, entry, &look.image);
    } else {
      finding(findings, entry, "the path of its DLL is not absolute: %s",
              utf8_from_wide(entry->szPath).text);
      finding_repair("ws2spi catalog remove %s %lu, and install it anew with its full path",
                     width_option(listing->width), entry->ProtocolInfo.dwCatalogEntryId);
    }
  }
  return TRUE;
}
