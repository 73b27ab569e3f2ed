#include "registry/journal.h"

#include "platform/fnv1a.h"
#include "platform/heap.h"

#include <stdint.h>
#include <string.h>

enum { MAGIC = 0x4A325357 /* "WS2J" */, VERSION = 1, ALIGNMENT = 4, FIRST_ROOM = 4096 };

struct header {
  DWORD magic;
  DWORD version;
  DWORD size;     /* of the whole */
  DWORD checksum; /* of what follows */
  DWORD serial;
  DWORD next_id;
  DWORD splice_count;
};

enum { REWRITES_ALL = 0x100 /* in `width`, besides the width itself */ };

struct splice_header {
  DWORD width;
  DWORD first;
  DWORD count;
};

/* Followed by bytes, name and path, each padded to a multiple of ALIGNMENT. */
struct item_header {
  DWORD type;
  DWORD size;
  DWORD name_size;
  DWORD path_size;
};

static size_t journal_padded(size_t size)
{
  return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

/* Detects bytes that are cut or not a journal. It does not protect against forgery. */
static DWORD journal_checksum(const unsigned char *bytes, size_t size)
{
  const size_t start = offsetof(struct header, serial);
  uint32_t sum = FNV1A_BASIS;

  for (size_t place = start; place < size; place++)
    sum = fnv1a_add(sum, bytes[place]);
  return sum;
}

/* --- reading ---------------------------------------------------------------------------- */

struct cursor {
  const unsigned char *next;
  size_t left;
};

static bool cursor_skip(struct cursor *cursor, size_t size)
{
  if (size > cursor->left)
    return false;
  cursor->next += size;
  cursor->left -= size;
  return true;
}

static bool cursor_take(struct cursor *cursor, void *copy, size_t size)
{
  const unsigned char *from = cursor->next;

  if (!cursor_skip(cursor, size))
    return false;
  memcpy(copy, from, size);
  return true;
}

/* A string that is not empty must be terminated. */
static bool cursor_skip_string(struct cursor *cursor, DWORD size)
{
  WCHAR last;

  if (size % sizeof last != 0 || size > cursor->left)
    return false;
  if (size != 0) {
    memcpy(&last, cursor->next + size - sizeof last, sizeof last);
    if (last != 0)
      return false;
  }
  return cursor_skip(cursor, journal_padded(size));
}

static bool cursor_skip_item(struct cursor *cursor)
{
  struct item_header header;

  return cursor_take(cursor, &header, sizeof header) && header.size <= cursor->left &&
         cursor_skip(cursor, journal_padded(header.size)) &&
         cursor_skip_string(cursor, header.name_size) &&
         cursor_skip_string(cursor, header.path_size);
}

static bool journal_read_splice(struct cursor *cursor, struct journal_splice *splice)
{
  struct splice_header header;
  DWORD width;
  bool rewrites_all;

  if (!cursor_take(cursor, &header, sizeof header))
    return false;
  width = header.width & ~(DWORD)REWRITES_ALL;
  rewrites_all = (header.width & REWRITES_ALL) != 0;
  if (width > CATALOG_64 || header.first == 0 || (rewrites_all && header.first != 1) ||
      header.count > MAXDWORD - header.first)
    return false;
  *splice = (struct journal_splice){width, rewrites_all, header.first, header.count, cursor->next};
  for (DWORD i = 0; i < header.count; i++) {
    if (!cursor_skip_item(cursor))
      return false;
  }
  return true;
}

static bool journal_read_splices(struct cursor *cursor, struct journal *journal)
{
  for (DWORD i = 0; i < journal->splice_count; i++) {
    if (!journal_read_splice(cursor, &journal->splices[i]))
      return false;
  }
  return journal->splice_count < 2 || journal->splices[0].width != journal->splices[1].width;
}

bool journal_read(const void *bytes, size_t size, struct journal *journal)
{
  struct cursor cursor = {bytes, size};
  struct header header;

  *journal = (struct journal){0};
  if (!cursor_take(&cursor, &header, sizeof header) || header.magic != MAGIC ||
      header.version != VERSION || header.size != size || header.splice_count > MOST_SPLICES ||
      header.checksum != journal_checksum(bytes, size))
    return false;
  journal->serial = header.serial;
  journal->next_id = header.next_id;
  journal->splice_count = header.splice_count;
  return journal_read_splices(&cursor, journal) && cursor.left == 0;
}

void journal_next_item(const unsigned char **cursor, struct journal_item *item)
{
  struct item_header header;

  memcpy(&header, *cursor, sizeof header);
  *item = (struct journal_item){.type = header.type,
                                .size = header.size,
                                .name_size = header.name_size,
                                .path_size = header.path_size};
  item->bytes = *cursor + sizeof header;
  item->name = (const void *)((const unsigned char *)item->bytes + journal_padded(item->size));
  item->path = (const void *)((const unsigned char *)item->name + journal_padded(item->name_size));
  *cursor = (const unsigned char *)item->path + journal_padded(item->path_size);
}

const struct journal_splice *journal_splice_of(const struct journal *journal,
                                               enum catalog_width width)
{
  for (DWORD i = 0; i < journal->splice_count; i++) {
    if (journal->splices[i].width == width)
      return &journal->splices[i];
  }
  return NULL;
}

/* --- writing ---------------------------------------------------------------------------- */

static bool draft_make_room(struct journal_draft *draft, size_t size)
{
  size_t room = draft->room != 0 ? draft->room : FIRST_ROOM;
  unsigned char *bytes;

  if (draft->is_short_of_memory || size <= draft->room - draft->size)
    return !draft->is_short_of_memory;
  while (room - draft->size < size)
    room *= 2;
  bytes = heap_allocate(room);
  if (bytes == NULL) {
    draft->is_short_of_memory = true;
    return false;
  }
  if (draft->size != 0)
    memcpy(bytes, draft->bytes, draft->size);
  heap_free(draft->bytes);
  draft->bytes = bytes;
  draft->room = room;
  return true;
}

/* heap_allocate returns zeroed memory, so the padding is zero. */
static void draft_add(struct journal_draft *draft, const void *bytes, size_t size)
{
  if (size == 0 || !draft_make_room(draft, journal_padded(size)))
    return;
  memcpy(draft->bytes + draft->size, bytes, size);
  draft->size += journal_padded(size);
}

void journal_begin(struct journal_draft *draft, DWORD serial, DWORD next_id)
{
  const struct header header = {
      .magic = MAGIC, .version = VERSION, .serial = serial, .next_id = next_id};

  *draft = (struct journal_draft){0};
  draft_add(draft, &header, sizeof header);
}

void journal_begin_splice(struct journal_draft *draft, enum catalog_width width, bool rewrites_all,
                          DWORD first)
{
  const struct splice_header header = {.width = (DWORD)width | (rewrites_all ? REWRITES_ALL : 0),
                                       .first = first};

  draft->splice = draft->size;
  draft_add(draft, &header, sizeof header);
  if (!draft->is_short_of_memory)
    ((struct header *)(void *)draft->bytes)->splice_count++;
}

void journal_add_item(struct journal_draft *draft, const struct journal_item *item)
{
  const struct item_header header = {item->type, item->size, item->name_size, item->path_size};

  draft_add(draft, &header, sizeof header);
  draft_add(draft, item->bytes, item->size);
  draft_add(draft, item->name, item->name_size);
  draft_add(draft, item->path, item->path_size);
  if (!draft->is_short_of_memory)
    ((struct splice_header *)(void *)(draft->bytes + draft->splice))->count++;
}

bool journal_finish(struct journal_draft *draft)
{
  struct header *header = (void *)draft->bytes;

  if (draft->is_short_of_memory || (DWORD)draft->size != draft->size)
    return false;
  header->size = (DWORD)draft->size;
  header->checksum = journal_checksum(draft->bytes, draft->size);
  return true;
}
