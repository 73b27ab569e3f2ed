/* The readers of packed items and journals get arbitrary bytes. They never read beyond them, and accept
 * only complete ones. */
#include "cmocka_and_store.h"

#include "catalog_fixture.h"
#include "registry/item_key.h"
#include "registry/journal.h"
#include "registry/packed_item.h"
#include "support/bad_memory.h"

#include <wchar.h>

enum { MOST_BYTES = 4000, INPUTS = 2000000, JOURNAL_INPUTS = 300000, MOST_CHANGES = 8 };

/* --- the form ----------------------------------------------------------------------------- */

static void the_form_is_that_of_windows(void **state)
{
  struct catalog_item item = item_make(FIRST_ID);
  unsigned char bytes[PACKED_ITEM_SIZE];

  item.info.dwServiceFlags1 = 0x20066;
  item.info.dwProviderFlags = 8;
  item.info.ProtocolChain.ChainEntries[0] = 0x01020304;
  packed_item_write(&item, bytes);
  assert_string_equal((const char *)bytes, "%SystemRoot%\\system32\\provider1001.dll");
  assert_memory_equal(bytes + 0x104, "\x66\x00\x02\x00", 4);
  assert_memory_equal(bytes + 0x114, "\x08\x00\x00\x00", 4);
  assert_memory_equal(bytes + 0x118, &item.info.ProviderId, 16);
  assert_memory_equal(bytes + 0x128, "\xe9\x03\x00\x00", 4);
  assert_memory_equal(bytes + 0x12C, "\x01\x00\x00\x00", 4);
  assert_memory_equal(bytes + 0x130, "\x04\x03\x02\x01", 4);
  assert_memory_equal(bytes + 0x150, "\x02\x00\x00\x00", 4);
  assert_memory_equal(bytes + 0x15C, "\x01\x00\x00\x00", 4);
  assert_memory_equal(bytes + 0x178, item.info.szProtocol, 512);
}

static void a_written_item_is_read_back(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID);
  struct catalog_item read;
  unsigned char bytes[PACKED_ITEM_SIZE];

  packed_item_write(&item, bytes);
  assert_null(packed_item_read(bytes, sizeof bytes, &read));
  assert_true(item_is_equal(&item, &read));
}

/* A dump of a NetBIOS entry from Windows has the rest of a longer path there. */
static void bytes_after_the_path_are_ignored(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID);
  struct catalog_item read;
  unsigned char bytes[PACKED_ITEM_SIZE];

  packed_item_write(&item, bytes);
  memset(bytes + 100, 0xC3, PACKED_PATH_SIZE - 100);
  assert_null(packed_item_read(bytes, sizeof bytes, &read));
  assert_true(item_is_equal(&item, &read));
}

/* --- refused bytes ------------------------------------------------------------------------ */

static void expect_reason(const unsigned char *bytes, size_t size, DWORD id, const char *reason)
{
  struct catalog_item item;
  const char *const found = packed_item_read(bytes, size, &item);

  assert_non_null(found);
  assert_string_equal(found, reason);
  assert_int_equal(item.info.dwCatalogEntryId, id);
}

/* The item with `size` bytes at `offset` replaced by `value`. */
static void expect_reason_with(size_t offset, size_t size, int value, DWORD id, const char *reason)
{
  const struct catalog_item item = item_make(FIRST_ID);
  unsigned char bytes[PACKED_ITEM_SIZE];

  packed_item_write(&item, bytes);
  memset(bytes + offset, value, size);
  expect_reason(bytes, sizeof bytes, id, reason);
}

static void unusable_bytes_have_a_reason(void **state)
{
  const struct catalog_item item = item_make(FIRST_ID);
  unsigned char bytes[PACKED_ITEM_SIZE + 1] = {0};

  packed_item_write(&item, bytes);
  expect_reason(bytes, 0, 0, "the packed item is too short");
  expect_reason(bytes, PACKED_ITEM_SIZE - 1, 0, "the packed item is too short");
  expect_reason(bytes, PACKED_ITEM_SIZE + 1, FIRST_ID, "the packed item is too long");
  expect_reason_with(0, PACKED_PATH_SIZE, 'a', FIRST_ID, "the path is not NUL-terminated");
  expect_reason_with(0, 1, 0, FIRST_ID, "the path is empty");
  expect_reason_with(0x178, 512, 'a', FIRST_ID, "the name is not NUL-terminated");
  expect_reason_with(0x12C, 4, 0xFF, FIRST_ID, "the length of the chain is out of range");
  expect_reason_with(0x12C, 1, 8, FIRST_ID, "the length of the chain is out of range");
  expect_reason_with(0x128, 4, 0, 0, "the catalog entry id is out of range");
  expect_reason_with(0x128, 4, 0xFF, MAXDWORD, "the catalog entry id is out of range");
}

/* --- paths that are not ASCII ------------------------------------------------------------- */

static void a_path_agrees_with_its_packed_form(void **state)
{
  static const struct {
    const char *packed;
    const WCHAR *path;
    int agrees;
  } rows[] = {
      {"C:\\?\\a.dll", L"C:\\\x4e2d\\a.dll", 1},
      {"C:\\??\\a.dll", L"C:\\\x4e2d\x6587\\a.dll", 1},
      {"C:\\\xe4\\a.dll", L"C:\\\x00e4\\a.dll", 1},
      {"C:\\\xc3\xa4\\a.dll", L"C:\\\x00e4\\a.dll", 1}, /* UTF-8 */
      {"?", L"\x4e2d", 1},
      {"C:\\?", L"C:\\\x4e2d", 1},
      {"C:\\b\\a.dll", L"C:\\\x4e2d\\a.dll", 0},
      {"C:\\?\\b.dll", L"C:\\\x4e2d\\a.dll", 0},
      {"D:\\?\\a.dll", L"C:\\\x4e2d\\a.dll", 0},
      {"C:\\a.dll", L"C:\\a.dll", 0}, /* ASCII needs no Unicode path */
      {"C:\\a.dll", L"C:\\a.\x4e2d.dll", 0},
      {"", L"\x4e2d", 0},
      {"?", L"", 0},
  };

  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(packed_path_agrees((const unsigned char *)rows[i].packed, rows[i].path),
                     rows[i].agrees);
}

static void every_path_survives_packing(void **state)
{
  static const WCHAR *const paths[] = {L"C:\\plain.dll",
                                       L"C:\\M\x00fcller\\\x0441\x043b\x043e\x0439.dll",
                                       L"\xd83d\xde00.dll", L"C:\\is it?\\x.dll", L"\x00e4\x4e2d"};

  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    unsigned char packed[PACKED_ITEM_SIZE];
    struct catalog_item item = item_make(FIRST_ID);
    struct catalog_item read;
    struct journal_item stored;

    lstrcpyW(item.path, paths[i]);
    stored = journal_item_of(&item, packed);
    assert_int_equal(stored.path_size != 0, !packed_path_is_enough(paths[i]));
    assert_null(journal_item_read(&stored, &read));
    assert_true(item_is_equal(&item, &read));
  }
}

static void the_longest_unicode_path_survives_packing(void **state)
{
  unsigned char packed[PACKED_ITEM_SIZE];
  struct catalog_item item = item_make(FIRST_ID);
  struct catalog_item read;
  struct journal_item stored;

  wmemset(item.path, 0x4e2d, MAX_PATH - 1);
  stored = journal_item_of(&item, packed);
  assert_null(journal_item_read(&stored, &read));
  assert_true(item_is_equal(&item, &read));
}

/* --- fuzzing ------------------------------------------------------------------------------ */

static uint64_t random_state = UINT64_C(0x9E3779B97F4A7C15);

/* xorshift64*: the same inputs in every run. */
static uint32_t random_number(uint32_t below)
{
  random_state ^= random_state >> 12;
  random_state ^= random_state << 25;
  random_state ^= random_state >> 27;
  return (uint32_t)((random_state * UINT64_C(2685821657736338717)) >> 32) % below;
}

struct input {
  size_t size;
  unsigned char bytes[MOST_BYTES];
};

static const unsigned char INTERESTING[] = {0, 1, 2, 7, 8, 0x7F, 0x80, 0xFF};

static void change_something(struct input *input)
{
  const size_t place = random_number((uint32_t)input->size + 1);
  const size_t run = random_number(64) + 1;

  switch (random_number(6)) {
  case 0: /* cut */
    input->size = place;
    break;
  case 1: /* grow, a little */
    if (input->size + run <= MOST_BYTES)
      input->size += run;
    break;
  case 2: /* a run of one byte */
    for (size_t i = place; i < input->size && i < place + run; i++)
      input->bytes[i] = INTERESTING[random_number(sizeof INTERESTING)];
    break;
  case 3: /* noise */
    for (size_t i = place; i < input->size && i < place + run; i++)
      input->bytes[i] = (unsigned char)random_number(256);
    break;
  case 4: /* a bit */
    if (place < input->size)
      input->bytes[place] ^= (unsigned char)(1U << random_number(8));
    break;
  default: /* a whole word */
    if (place + 4 <= input->size)
      memset(input->bytes + (place & ~(size_t)3), INTERESTING[random_number(sizeof INTERESTING)],
             4);
  }
}

static void mutate(const struct input *seed, struct input *input)
{
  const uint32_t changes = random_number(MOST_CHANGES) + 1;

  memcpy(input, seed, offsetof(struct input, bytes) + MOST_BYTES);
  for (uint32_t i = 0; i < changes; i++)
    change_something(input);
}

/* The input ends at the end of a page, and the next page is not mapped. */
static const void *before_unmapped_page(const unsigned char *end, const struct input *input)
{
  unsigned char *const start = (unsigned char *)(ULONG_PTR)end - input->size;

  memcpy(start, input->bytes, input->size);
  return start;
}

static bool is_complete(const struct catalog_item *item)
{
  const WSAPROTOCOL_INFOW *const info = &item->info;

  return info->dwCatalogEntryId != 0 && info->ProtocolChain.ChainLen >= 0 &&
         info->ProtocolChain.ChainLen <= MAX_PROTOCOL_CHAIN && item->path[0] != 0 &&
         wmemchr(item->path, 0, MAX_PATH) != NULL &&
         wmemchr(info->szProtocol, 0, WSAPROTOCOL_LEN + 1) != NULL;
}

enum { ITEM_SEEDS = 4, JOURNAL_SEEDS = 3 };

static void make_item_seeds(struct input seeds[ITEM_SEEDS])
{
  for (int i = 0; i < ITEM_SEEDS; i++) {
    struct catalog_item item = item_make(FIRST_ID + (DWORD)i);

    if (i == 1)
      item.info.ProtocolChain = (WSAPROTOCOLCHAIN){2, {1001, 1002}};
    if (i == 2)
      wmemset(item.path, L'x', MAX_PATH - 1);
    if (i == 3)
      lstrcpyW(item.path, L"C:\\\x4e2d\\a.dll");
    seeds[i].size = PACKED_ITEM_SIZE;
    packed_item_write(&item, seeds[i].bytes);
  }
}

static void items_are_never_read_beyond_their_bytes(void **state)
{
  static struct input seeds[ITEM_SEEDS];
  static struct input input;
  const unsigned char *const end = (unsigned char *)end_of_page(MOST_BYTES) + MOST_BYTES;
  long accepted = 0;

  make_item_seeds(seeds);
  for (long n = 0; n < INPUTS; n++) {
    struct catalog_item item;
    const void *bytes;

    mutate(&seeds[random_number(ITEM_SEEDS)], &input);
    bytes = before_unmapped_page(end, &input);
    if (packed_item_read(bytes, input.size, &item) != NULL)
      continue;
    accepted++;
    if (!is_complete(&item))
      fail_msg("input %ld: accepted, though not complete", n);
  }
  print_message("%d inputs, %ld of them accepted\n", INPUTS, accepted);
  /* Otherwise the inputs would have tested only the length. */
  assert_in_range(accepted, INPUTS / 100, INPUTS);
}

static void make_journal_seeds(struct input seeds[JOURNAL_SEEDS])
{
  unsigned char packed[PACKED_ITEM_SIZE];

  for (int i = 0; i < JOURNAL_SEEDS; i++) {
    struct journal_draft draft;

    journal_begin(&draft, 7, FIRST_ID + 10);
    for (int splice = 0; splice < i; splice++) {
      journal_begin_splice(&draft, (enum catalog_width)splice, splice == 1, splice == 1 ? 1 : 3);
      for (int n = 0; n < 2 - splice; n++) {
        struct catalog_item item = item_make(FIRST_ID + (DWORD)n);
        struct journal_item stored;

        item.path[3] = 0x4e2d;
        stored = journal_item_of(&item, packed);
        stored.size /= 2;
        journal_add_item(&draft, &stored);
      }
    }
    assert_true(journal_finish(&draft));
    assert_in_range(draft.size, 1, MOST_BYTES);
    seeds[i].size = draft.size;
    memcpy(seeds[i].bytes, draft.bytes, draft.size);
    HeapFree(GetProcessHeap(), 0, draft.bytes);
  }
}

/* Without this the checksum would reject nearly everything. */
static void correct_checksum(struct input *input)
{
  uint32_t sum = UINT32_C(2166136261);
  const DWORD size = (DWORD)input->size;

  if (input->size < 16)
    return;
  for (size_t i = 16; i < input->size; i++)
    sum = (sum ^ input->bytes[i]) * UINT32_C(16777619);
  memcpy(input->bytes + 8, &size, 4);
  memcpy(input->bytes + 12, &sum, 4);
}

static void walk_journal(const struct journal *journal)
{
  for (DWORD splice = 0; splice < journal->splice_count; splice++) {
    const unsigned char *cursor = journal->splices[splice].items;

    for (DWORD i = 0; i < journal->splices[splice].count; i++) {
      struct journal_item stored;
      struct catalog_item item;

      journal_next_item(&cursor, &stored);
      if (journal_item_read(&stored, &item) == NULL)
        assert_true(is_complete(&item));
    }
  }
}

static void journals_are_never_read_beyond_their_bytes(void **state)
{
  static struct input seeds[JOURNAL_SEEDS];
  static struct input input;
  const unsigned char *const end = (unsigned char *)end_of_page(MOST_BYTES) + MOST_BYTES;
  long accepted = 0;

  make_journal_seeds(seeds);
  for (long n = 0; n < JOURNAL_INPUTS; n++) {
    struct journal journal;
    const void *bytes;

    mutate(&seeds[random_number(JOURNAL_SEEDS)], &input);
    correct_checksum(&input);
    bytes = before_unmapped_page(end, &input);
    if (!journal_read(bytes, input.size, &journal))
      continue;
    accepted++;
    walk_journal(&journal);
  }
  print_message("%d inputs, %ld of them accepted\n", JOURNAL_INPUTS, accepted);
  assert_in_range(accepted, JOURNAL_INPUTS / 100, JOURNAL_INPUTS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_form_is_that_of_windows),
      cmocka_unit_test(a_written_item_is_read_back),
      cmocka_unit_test(bytes_after_the_path_are_ignored),
      cmocka_unit_test(unusable_bytes_have_a_reason),
      cmocka_unit_test(a_path_agrees_with_its_packed_form),
      cmocka_unit_test(every_path_survives_packing),
      cmocka_unit_test(the_longest_unicode_path_survives_packing),
      cmocka_unit_test(items_are_never_read_beyond_their_bytes),
      cmocka_unit_test(journals_are_never_read_beyond_their_bytes),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
