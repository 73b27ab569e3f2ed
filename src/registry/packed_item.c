#include "registry/packed_item.h"

#include "catalog/image_validate.h"

#include <string.h>
#include <wchar.h>

_Static_assert(PACKED_PATH_SIZE + sizeof(WSAPROTOCOL_INFOW) == PACKED_ITEM_SIZE,
               "the packed item consists of the path and the structure");
_Static_assert(PACKED_PATH_SIZE <= MAX_PATH,
               "the path fits: each character takes at least one byte");

/* --- reading ---------------------------------------------------------------------------- */

static const char *packed_check_info(const WSAPROTOCOL_INFOW *info)
{
  const int length = info->ProtocolChain.ChainLen;

  if (!id_is_plausible(info->dwCatalogEntryId))
    return "the catalog entry id is out of range";
  if (wmemchr(info->szProtocol, 0, WSAPROTOCOL_LEN + 1) == NULL)
    return "the name is not NUL-terminated";
  if (length < LAYERED_PROTOCOL || length > MAX_PROTOCOL_CHAIN)
    return "the length of the chain is out of range";
  return NULL;
}

static const char *packed_read_path(const char *packed, WCHAR *path)
{
  if (memchr(packed, 0, PACKED_PATH_SIZE) == NULL)
    return "the path is not NUL-terminated";
  if (packed[0] == 0)
    return "the path is empty";
  if (MultiByteToWideChar(CP_ACP, 0, packed, -1, path, MAX_PATH) == 0)
    return "the path cannot be converted from the code page";
  return NULL;
}

const char *packed_item_read(const void *bytes, size_t size, struct catalog_item *item)
{
  const char *packed = bytes;
  const char *reason;

  *item = (struct catalog_item){0};
  if (size < PACKED_ITEM_SIZE)
    return "the packed item is too short";
  memcpy(&item->info, packed + PACKED_PATH_SIZE, sizeof item->info);
  if (size > PACKED_ITEM_SIZE)
    return "the packed item is too long";
  reason = packed_check_info(&item->info);
  return reason != NULL ? reason : packed_read_path(packed, item->path);
}

/* --- writing ---------------------------------------------------------------------------- */

static bool packed_is_ascii(WCHAR c)
{
  return c < 0x80;
}

/* As Windows does. False: the path cannot be read back in this code page. */
static bool packed_write_in_code_page(const WCHAR *path, char *packed)
{
  WCHAR read_back[MAX_PATH];

  return WideCharToMultiByte(CP_ACP, 0, path, -1, packed, PACKED_PATH_SIZE, NULL, NULL) != 0 &&
         MultiByteToWideChar(CP_ACP, 0, packed, -1, read_back, MAX_PATH) != 0 &&
         wcscmp(read_back, path) == 0;
}

static void packed_write_in_ascii(const WCHAR *path, unsigned char *packed)
{
  memset(packed, 0, PACKED_PATH_SIZE);
  for (size_t place = 0; place < PACKED_PATH_SIZE - 1 && path[place] != 0; place++)
    packed[place] = packed_is_ascii(path[place]) ? (unsigned char)path[place] : '?';
}

void packed_item_write(const struct catalog_item *item, unsigned char bytes[PACKED_ITEM_SIZE])
{
  memset(bytes, 0, PACKED_PATH_SIZE);
  if (packed_path_is_enough(item->path) || !packed_write_in_code_page(item->path, (char *)bytes))
    packed_write_in_ascii(item->path, bytes);
  memcpy(bytes + PACKED_PATH_SIZE, &item->info, sizeof item->info);
}

/* --- the path in Unicode ---------------------------------------------------------------- */

bool packed_path_is_enough(const WCHAR *path)
{
  while (*path != 0 && packed_is_ascii(*path))
    path++;
  return *path == 0;
}

/* Whether a character can be, or begin, the 8-bit form of a non-ASCII character. */
static bool packed_is_replacement(unsigned char c)
{
  return c == '?' || c >= 0x80;
}

bool packed_path_is_doubtful(const unsigned char *packed)
{
  while (*packed != 0 && !packed_is_replacement(*packed))
    packed++;
  return *packed != 0;
}

bool packed_path_agrees(const unsigned char *packed, const WCHAR *path)
{
  size_t packed_end = strlen((const char *)packed);
  size_t end = wcslen(path);
  size_t place = 0;

  while (end > 0 && packed_end > 0 && packed_is_ascii(path[end - 1]) &&
         path[end - 1] == packed[packed_end - 1]) {
    end--;
    packed_end--;
  }
  while (place < end && place < packed_end && packed_is_ascii(path[place]) &&
         packed[place] == path[place])
    place++;
  return place < end && place < packed_end && !packed_is_ascii(path[place]) &&
         !packed_is_ascii(path[end - 1]) && packed_is_replacement(packed[place]);
}
