#include "tool/image_file.h"

static struct image image_parse_mapping(HANDLE mapping, size_t size)
{
  const void *const bytes = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, size);
  struct image image = {IMAGE_NOT_A_DLL, 0};

  if (bytes != NULL) {
    image = image_parse(bytes, size);
    UnmapViewOfFile(bytes);
  }
  return image;
}

/* An empty file cannot be mapped. A file that does not fit into the process is not a DLL. */
static struct image image_parse_file(HANDLE file)
{
  struct image image = {IMAGE_NOT_A_DLL, 0};
  LARGE_INTEGER size;
  HANDLE mapping;

  if (!GetFileSizeEx(file, &size) || size.QuadPart > MAXLONG)
    return image;
  mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
  if (mapping != NULL) {
    image = image_parse_mapping(mapping, (size_t)size.QuadPart);
    CloseHandle(mapping);
  }
  return image;
}

struct image image_read(const WCHAR *path)
{
  const HANDLE file =
      CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
  struct image image = {IMAGE_MISSING, 0};

  if (file != INVALID_HANDLE_VALUE) {
    image = image_parse_file(file);
    CloseHandle(file);
  }
  return image;
}
