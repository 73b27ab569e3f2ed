/* Reads from a DLL's file, without loading it, its word size and whether it can be a provider. */
#ifndef WS2SPI_TOOL_IMAGE_FILE_H
#define WS2SPI_TOOL_IMAGE_FILE_H

#include "tool/windows_headers.h"

enum image_kind {
  IMAGE_OK,
  IMAGE_MISSING,   /* the file cannot be opened */
  IMAGE_NOT_A_DLL, /* for x86 or x86-64 */
  IMAGE_NO_STARTUP /* it does not export WSPStartup under its undecorated name */
};

struct image {
  enum image_kind kind;
  DWORD width; /* WS2SPI_WIDTH_32 or _64; 0 if it is not a DLL */
};

/* Parses the bytes of a file, which may be anything; nothing outside them is read. */
struct image image_parse(const unsigned char *bytes, size_t size);

struct image image_read(const WCHAR *path);

#endif
