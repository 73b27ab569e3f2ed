#include "tool/image_file.h"

#include <string.h>

/* The loader refuses an image with more. */
enum { MOST_SECTIONS = 96 };

/* The bytes of the file, and its section table. */
struct view {
  const unsigned char *bytes;
  size_t size;
  size_t sections; /* offset of the section table */
  DWORD section_count;
};

/* Copies, because nothing in a file need be aligned. FALSE: part of it is outside the file. */
static BOOL image_read_at(const struct view *view, size_t offset, void *to, size_t size)
{
  if (offset > view->size || size > view->size - offset)
    return FALSE;
  memcpy(to, view->bytes + offset, size);
  return TRUE;
}

/* Turns an address relative to the image base into an offset in the file. */
static BOOL image_find_offset(const struct view *view, DWORD address, size_t *offset)
{
  IMAGE_SECTION_HEADER section;

  for (DWORD i = 0; i < view->section_count; i++) {
    if (!image_read_at(view, view->sections + i * sizeof section, &section, sizeof section))
      return FALSE;
    if (address >= section.VirtualAddress &&
        address - section.VirtualAddress < section.SizeOfRawData) {
      *offset = (size_t)section.PointerToRawData + (address - section.VirtualAddress);
      return TRUE;
    }
  }
  return FALSE;
}

static BOOL image_name_is_startup(const struct view *view, DWORD name)
{
  static const char startup[] = "WSPStartup";
  char found[sizeof startup];
  size_t offset;

  return image_find_offset(view, name, &offset) &&
         image_read_at(view, offset, found, sizeof found) &&
         memcmp(found, startup, sizeof startup) == 0;
}

static BOOL image_exports_startup(const struct view *view, DWORD directory)
{
  IMAGE_EXPORT_DIRECTORY exports;
  size_t offset, names;
  DWORD name;

  if (!image_find_offset(view, directory, &offset) ||
      !image_read_at(view, offset, &exports, sizeof exports) ||
      !image_find_offset(view, exports.AddressOfNames, &names))
    return FALSE;
  for (DWORD i = 0; i < exports.NumberOfNames; i++) {
    if (!image_read_at(view, names + (size_t)i * sizeof name, &name, sizeof name))
      return FALSE;
    if (image_name_is_startup(view, name))
      return TRUE;
  }
  return FALSE;
}

/* The optional headers of the two word sizes have their directories at different offsets. */
static BOOL image_read_directory(const struct view *view, size_t optional, DWORD width,
                                 DWORD *directory)
{
  IMAGE_OPTIONAL_HEADER32 header32;
  IMAGE_OPTIONAL_HEADER64 header64;

  *directory = 0;
  if (width == WS2SPI_WIDTH_32) {
    if (!image_read_at(view, optional, &header32, sizeof header32) ||
        header32.Magic != IMAGE_NT_OPTIONAL_HDR32_MAGIC)
      return FALSE;
    if (header32.NumberOfRvaAndSizes > IMAGE_DIRECTORY_ENTRY_EXPORT)
      *directory = header32.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress;
    return TRUE;
  }
  if (!image_read_at(view, optional, &header64, sizeof header64) ||
      header64.Magic != IMAGE_NT_OPTIONAL_HDR64_MAGIC)
    return FALSE;
  if (header64.NumberOfRvaAndSizes > IMAGE_DIRECTORY_ENTRY_EXPORT)
    *directory = header64.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress;
  return TRUE;
}

static DWORD image_width(const IMAGE_FILE_HEADER *file)
{
  if ((file->Characteristics & IMAGE_FILE_DLL) == 0)
    return 0;
  switch (file->Machine) {
  case IMAGE_FILE_MACHINE_I386:
    return WS2SPI_WIDTH_32;
  case IMAGE_FILE_MACHINE_AMD64:
    return WS2SPI_WIDTH_64;
  default:
    return 0;
  }
}

struct image image_parse(const unsigned char *bytes, size_t size)
{
  static const struct image not_a_dll = {IMAGE_NOT_A_DLL, 0};
  struct view view = {.bytes = bytes, .size = size};
  struct image image = {IMAGE_OK, 0};
  IMAGE_DOS_HEADER dos;
  IMAGE_FILE_HEADER file;
  DWORD signature, directory;
  size_t at;

  if (!image_read_at(&view, 0, &dos, sizeof dos) || dos.e_magic != IMAGE_DOS_SIGNATURE ||
      dos.e_lfanew < 0)
    return not_a_dll;
  at = (size_t)dos.e_lfanew;
  if (!image_read_at(&view, at, &signature, sizeof signature) || signature != IMAGE_NT_SIGNATURE ||
      !image_read_at(&view, at + sizeof signature, &file, sizeof file))
    return not_a_dll;
  at += sizeof signature + sizeof file;
  image.width = image_width(&file);
  if (image.width == 0 || !image_read_directory(&view, at, image.width, &directory))
    return not_a_dll;
  view.sections = at + file.SizeOfOptionalHeader;
  view.section_count = min(file.NumberOfSections, MOST_SECTIONS);
  if (directory == 0 || !image_exports_startup(&view, directory))
    image.kind = IMAGE_NO_STARTUP;
  return image;
}
