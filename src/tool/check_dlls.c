#include "tool/report.h"

#include "tool/image_file.h"
#include "tool/output.h"
#include "tool/provider_file.h"

#include <wchar.h>

static void dlls_report_image(struct report *report, const WS2SPI_CATALOG_ENTRY *entry,
                              const struct image *image)
{
  const struct utf8_text path = utf8_from_wide(entry->szPath);

  switch (image->kind) {
  case IMAGE_MISSING:
    report_error(report, entry, "its DLL cannot be opened: %s", path.text);
    break;
  case IMAGE_NOT_A_DLL:
    report_error(report, entry, "its file is not a DLL for x86 or x86-64: %s", path.text);
    break;
  case IMAGE_NO_STARTUP:
    report_error(report, entry, "its DLL does not export WSPStartup under its undecorated name: %s",
                 path.text);
    break;
  default:
    if (image->width == report->listing->width)
      return;
    report_error(report, entry, "its DLL is a %d-bit DLL: %s", width_bits(image->width), path.text);
    break;
  }
  report_repair("replace the file, or ws2spi catalog remove %s %lu",
                width_option(report->listing->width), entry->ProtocolInfo.dwCatalogEntryId);
}

/* The image of the last path: neighbours in the catalog usually share one. */
struct image_cache {
  const WCHAR *stored;
  BOOL is_absolute;
  struct image image;
};

static void dlls_read_image(struct image_cache *cache, DWORD width, const WCHAR *stored)
{
  WCHAR file[MAX_PATH];

  if (cache->stored != NULL && wcscmp(cache->stored, stored) == 0)
    return;
  cache->stored = stored;
  cache->is_absolute = provider_file(width, stored, file);
  if (cache->is_absolute)
    cache->image = image_read(file);
}

/* The stored path of a base entry is not used: ws2spi.dll itself is the base provider. */
BOOL check_dlls(struct report *report)
{
  const struct listing *const listing = report->listing;
  struct image_cache cache = {NULL, FALSE, {IMAGE_OK, 0}};

  for (size_t i = 0; i < listing->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = &listing->entries[i];

    if (entry_is_base(entry))
      continue;
    dlls_read_image(&cache, listing->width, entry->szPath);
    if (cache.is_absolute) {
      dlls_report_image(report, entry, &cache.image);
    } else {
      report_error(report, entry, "the path of its DLL is not absolute: %s",
                   utf8_from_wide(entry->szPath).text);
      report_repair("ws2spi catalog remove %s %lu, then install it again with its full path",
                    width_option(listing->width), entry->ProtocolInfo.dwCatalogEntryId);
    }
  }
  return TRUE;
}
