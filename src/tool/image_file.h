/* What the file of a DLL says about itself, without loading it: word size, and whether it
 * can be a provider. */
#ifndef WS2SPI_TOOL_IMAGE_FILE_H
#define WS2SPI_TOOL_IMAGE_FILE_H

#include "tool/windows_headers.h"

enum image_kind {
  IMAGE_OK,
  IMAGE_NOT_THERE,
  IMAGE_NO_DLL,    /* not one for x86 or x86-64 */
  IMAGE_NO_STARTUP /* it does not export WSPStartup under its plain name */
};

struct image {
  enum image_kind kind;
  DWORD width; /* WS2SPI_WIDTH_32 or _64; 0 unless it is a DLL */
};

/* From the bytes of a file, which may be anything: nothing outside of them is read. */
struct image image_parse(const unsigned char *bytes, size_t size);

struct image image_read(const WCHAR *path);

#endif
