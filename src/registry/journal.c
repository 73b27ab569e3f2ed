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
  DWORD tail_count;
};

enum { ANEW = 0x100 /* beside the width */ };

struct tail_header {
  DWORD width;
  DWORD first;
  DWORD count;
};

/* Bytes, name and path follow, each up to a multiple of ALIGNMENT. */
struct item_header {
  DWORD type;
  DWORD size;
  DWORD name_size;
  DWORD path_size;
};

static size_t padded(size_t size)
{
  return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

/* FNV-1a. It tells apart what was cut or is something else; nobody is to be kept out. */
static DWORD checksum(const unsigned char *bytes, size_t size)
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

static bool skip(struct cursor *cursor, size_t size)
{
  if (size > cursor->left)
    return false;
  cursor->next += size;
  cursor->left -= size;
  return true;
}

static bool take(struct cursor *cursor, void *copy, size_t size)
{
  const unsigned char *from = cursor->next;

  if (!skip(cursor, size))
    return false;
  memcpy(copy, from, size);
  return true;
}

/* A string that is there ends, and nowhere before its end. */
static bool skip_string(struct cursor *cursor, DWORD size)
{
  WCHAR last;

  if (size % sizeof last != 0 || size > cursor->left)
    return false;
  if (size != 0) {
    memcpy(&last, cursor->next + size - sizeof last, sizeof last);
    if (last != 0)
      return false;
  }
  return skip(cursor, padded(size));
}

static bool skip_item(struct cursor *cursor)
{
  struct item_header header;

  return take(cursor, &header, sizeof header) && header.size <= cursor->left &&
         skip(cursor, padded(header.size)) && skip_string(cursor, header.name_size) &&
         skip_string(cursor, header.path_size);
}

static bool read_tail(struct cursor *cursor, struct journal_tail *tail)
{
  struct tail_header header;
  DWORD width;
  bool is_anew;

  if (!take(cursor, &header, sizeof header))
    return false;
  width = header.width & ~(DWORD)ANEW;
  is_anew = (header.width & ANEW) != 0;
  if (width > CATALOG_64 || header.first == 0 || (is_anew && header.first != 1) ||
      header.count > MAXDWORD - header.first)
    return false;
  *tail = (struct journal_tail){width, is_anew, header.first, header.count, cursor->next};
  for (DWORD i = 0; i < header.count; i++) {
    if (!skip_item(cursor))
      return false;
  }
  return true;
}

static bool read_tails(struct cursor *cursor, struct journal *journal)
{
  for (DWORD i = 0; i < journal->tail_count; i++) {
    if (!read_tail(cursor, &journal->tails[i]))
      return false;
  }
  return journal->tail_count < 2 || journal->tails[0].width != journal->tails[1].width;
}

bool journal_read(const void *bytes, size_t size, struct journal *journal)
{
  struct cursor cursor = {bytes, size};
  struct header header;

  *journal = (struct journal){0};
  if (!take(&cursor, &header, sizeof header) || header.magic != MAGIC ||
      header.version != VERSION || header.size != size || header.tail_count > MOST_TAILS ||
      header.checksum != checksum(bytes, size))
    return false;
  journal->serial = header.serial;
  journal->next_id = header.next_id;
  journal->tail_count = header.tail_count;
  return read_tails(&cursor, journal) && cursor.left == 0;
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
  item->name = (const void *)((const unsigned char *)item->bytes + padded(item->size));
  item->path = (const void *)((const unsigned char *)item->name + padded(item->name_size));
  *cursor = (const unsigned char *)item->path + padded(item->path_size);
}

const struct journal_tail *journal_tail_of(const struct journal *journal, enum catalog_width width)
{
  for (DWORD i = 0; i < journal->tail_count; i++) {
    if (journal->tails[i].width == width)
      return &journal->tails[i];
  }
  return NULL;
}

/* --- making one ------------------------------------------------------------------------- */

static bool make_room(struct journal_draft *draft, size_t size)
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

/* The memory comes zeroed, and so does the padding. */
static void add(struct journal_draft *draft, const void *bytes, size_t size)
{
  if (size == 0 || !make_room(draft, padded(size)))
    return;
  memcpy(draft->bytes + draft->size, bytes, size);
  draft->size += padded(size);
}

void journal_begin(struct journal_draft *draft, DWORD serial, DWORD next_id)
{
  const struct header header = {
      .magic = MAGIC, .version = VERSION, .serial = serial, .next_id = next_id};

  *draft = (struct journal_draft){0};
  add(draft, &header, sizeof header);
}

void journal_begin_tail(struct journal_draft *draft, enum catalog_width width, bool is_anew,
                        DWORD first)
{
  const struct tail_header header = {.width = (DWORD)width | (is_anew ? ANEW : 0), .first = first};

  draft->tail = draft->size;
  add(draft, &header, sizeof header);
  if (!draft->is_short_of_memory)
    ((struct header *)(void *)draft->bytes)->tail_count++;
}

void journal_add_item(struct journal_draft *draft, const struct journal_item *item)
{
  const struct item_header header = {item->type, item->size, item->name_size, item->path_size};

  add(draft, &header, sizeof header);
  add(draft, item->bytes, item->size);
  add(draft, item->name, item->name_size);
  add(draft, item->path, item->path_size);
  if (!draft->is_short_of_memory)
    ((struct tail_header *)(void *)(draft->bytes + draft->tail))->count++;
}

bool journal_finish(struct journal_draft *draft)
{
  struct header *header = (void *)draft->bytes;

  if (draft->is_short_of_memory || (DWORD)draft->size != draft->size)
    return false;
  header->size = (DWORD)draft->size;
  header->checksum = checksum(draft->bytes, draft->size);
  return true;
}
