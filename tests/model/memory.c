#include "model/memory.h"

#include "model/threads.h"

#include <string.h>

/* Words of the heap. No two members that different threads use are in one word. */
enum { WORD_BYTES = 4, WORDS = 8 * 1024, BLOCKS = 64, PLACES = 256, STATICS = 64 };

struct word {
  uint16_t last[ACCESS_KINDS][MODEL_THREADS]; /* the time of the thread; 0: never */
};

struct block {
  size_t first; /* in words */
  size_t end;
  bool is_free;
};

struct static_word {
  uintptr_t address;
  struct word word;
};

struct place {
  const volatile void *address;
  model_clock clock;
};

static _Alignas(16) unsigned char heap[WORDS * WORD_BYTES];
static struct word words[WORDS];
static struct block blocks[BLOCKS];
static size_t block_count;
static size_t blocks_in_use;
static struct static_word statics[STATICS];
static unsigned static_count;
static struct place places[PLACES];
static size_t used_places[PLACES];
static size_t used_place_count;
static model_clock known[MODEL_THREADS + 1];

void memory_begin_run(void)
{
  for (size_t i = 0; i < used_place_count; i++)
    memset(&places[used_places[i]], 0, sizeof places[0]);
  used_place_count = 0;
  static_count = 0;
  block_count = 0;
  blocks_in_use = 0;
  memset(known, 0, sizeof known);
  for (unsigned i = 0; i < MODEL_THREADS; i++)
    known[i][i] = 1;
}

/* --- order -------------------------------------------------------------------------- */

static void join(model_clock clock, const model_clock other)
{
  for (unsigned i = 0; i < MODEL_THREADS; i++) {
    if (clock[i] < other[i])
      clock[i] = other[i];
  }
}

static struct place *find_place(const volatile void *address)
{
  size_t i = ((uintptr_t)address >> 2) % PLACES;

  while (places[i].address != NULL && places[i].address != address)
    i = (i + 1) % PLACES;
  if (places[i].address == NULL) {
    if (used_place_count == PLACES / 2)
      model_fail(MODEL_BROKEN, "too many atomic variables");
    places[i].address = address;
    used_places[used_place_count++] = i;
  }
  return &places[i];
}

void memory_hand_over(const volatile void *place, bool in_addition)
{
  const unsigned self = model_running();
  struct place *found;

  if (self == MODEL_THREADS)
    return;
  found = find_place(place);
  if (!in_addition)
    memset(found->clock, 0, sizeof found->clock);
  join(found->clock, known[self]);
  known[self][self]++;
}

void memory_take_over(const volatile void *place)
{
  if (model_running() != MODEL_THREADS)
    join(known[model_running()], find_place(place)->clock);
}

void memory_break_chain(const volatile void *place)
{
  if (model_running() != MODEL_THREADS)
    memset(find_place(place)->clock, 0, sizeof known[0]);
}

/* --- accesses ----------------------------------------------------------------------- */

static bool conflicts(enum access_kind earlier, enum access_kind later)
{
  const bool both_read = (earlier == PLAIN_READ || earlier == ATOMIC_READ) &&
                         (later == PLAIN_READ || later == ATOMIC_READ);
  const bool both_atomic = earlier >= ATOMIC_READ && later >= ATOMIC_READ;

  return !both_read && !both_atomic;
}

static void check_order(const struct word *word, enum access_kind kind, const char *what)
{
  const unsigned self = model_running();

  for (enum access_kind earlier = PLAIN_READ; earlier < ACCESS_KINDS; earlier++) {
    if (!conflicts(earlier, kind))
      continue;
    for (unsigned i = 0; i < MODEL_THREADS; i++) {
      if (word->last[earlier][i] > known[self][i])
        model_fail(MODEL_RACE, "thread %u %s what thread %u has accessed, without order", self,
                   what, i);
    }
  }
}

static struct block *find_block(size_t word)
{
  for (size_t i = block_count; i-- > 0;) {
    if (word >= blocks[i].first)
      return word < blocks[i].end ? &blocks[i] : NULL;
  }
  return NULL;
}

static void access_word(struct word *word, enum access_kind kind)
{
  const unsigned self = model_running();

  check_order(word, kind, kind == PLAIN_READ || kind == ATOMIC_READ ? "reads" : "writes");
  word->last[kind][self] = known[self][self];
}

static void access_heap(size_t offset, size_t size, enum access_kind kind)
{
  const struct block *block = find_block(offset / WORD_BYTES);

  if (block == NULL || block->is_free)
    model_fail(MODEL_FREED_MEMORY, "thread %u, %u bytes", model_running(), (unsigned)size);
  for (size_t i = offset / WORD_BYTES; i < (offset + size + WORD_BYTES - 1) / WORD_BYTES; i++)
    access_word(&words[i], kind);
}

/* From the linker: static data that is not constant lies between them. */
extern const char static_begin[] __asm__("__data_start__");
extern const char static_end[] __asm__("__bss_end__");

/* Few, since accesses of the model itself are not recorded. */
static struct word *find_static(uintptr_t address)
{
  for (unsigned i = 0; i < static_count; i++) {
    if (statics[i].address == address)
      return &statics[i].word;
  }
  if (static_count == STATICS)
    model_fail(MODEL_BROKEN, "too much static memory");
  memset(&statics[static_count], 0, sizeof statics[0]);
  statics[static_count].address = address;
  return &statics[static_count++].word;
}

static void access_static(uintptr_t address, size_t size, enum access_kind kind)
{
  for (uintptr_t word = address & ~(uintptr_t)(WORD_BYTES - 1); word < address + size;
       word += WORD_BYTES)
    access_word(find_static(word), kind);
}

void memory_access(const volatile void *address, size_t size, enum access_kind kind)
{
  const uintptr_t offset = (uintptr_t)address - (uintptr_t)heap;

  if (model_running() == MODEL_THREADS)
    return;
  if (offset < sizeof heap)
    access_heap(offset, size, kind);
  else if ((const char *)address >= static_begin && (const char *)address < static_end)
    access_static((uintptr_t)address, size, kind);
}

/* --- the heap ----------------------------------------------------------------------- */

void *memory_allocate(size_t size)
{
  const size_t first = block_count > 0 ? blocks[block_count - 1].end + 4 : 0;
  const size_t count = (size + 15) / 16 * 4;
  const unsigned self = model_running();

  if (block_count == BLOCKS || first + count > WORDS)
    return NULL;
  blocks[block_count] = (struct block){first, first + count, false};
  block_count++;
  blocks_in_use++;
  memset(&heap[first * WORD_BYTES], 0, count * WORD_BYTES);
  memset(&words[first], 0, count * sizeof words[0]);
  for (size_t i = first; self != MODEL_THREADS && i < first + count; i++)
    words[i].last[PLAIN_WRITE][self] = known[self][self];
  return &heap[first * WORD_BYTES];
}

void memory_free(void *memory)
{
  struct block *block;

  if (memory == NULL)
    return;
  block = find_block((size_t)((unsigned char *)memory - heap) / WORD_BYTES);
  if (block == NULL || block->is_free)
    model_fail(MODEL_FREED_MEMORY, "freed twice");
  model_step(STEP_WRITE, memory, (block->end - block->first) * WORD_BYTES);
  for (size_t i = block->first; model_running() != MODEL_THREADS && i < block->end; i++)
    check_order(&words[i], PLAIN_WRITE, "frees");
  block->is_free = true;
  blocks_in_use--;
}

size_t memory_blocks_in_use(void)
{
  return blocks_in_use;
}
