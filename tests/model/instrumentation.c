/* The functions that the compiler calls for each access in code built with -fsanitize=thread.
 * Atomic accesses are steps. Plain accesses are only recorded, because the time of a plain
 * access cannot be observed in code without data races. */
#include "model/memory.h"
#include "model/threads.h"

/* The compiler's own memory order numbers. */
static bool acquires(int order)
{
  return order == __ATOMIC_ACQUIRE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

static bool releases(int order)
{
  return order == __ATOMIC_RELEASE || order == __ATOMIC_ACQ_REL || order == __ATOMIC_SEQ_CST;
}

static void before_load(const volatile void *address, size_t size, int order)
{
  model_step(STEP_READ, address, size);
  memory_access(address, size, ATOMIC_READ);
  if (acquires(order))
    memory_take_over(address);
}

static void before_store(const volatile void *address, size_t size, int order)
{
  model_step(STEP_WRITE, address, size);
  memory_access(address, size, ATOMIC_WRITE);
  if (releases(order))
    memory_hand_over(address, false);
  else
    memory_break_chain(address);
}

static void before_change(const volatile void *address, size_t size, int order)
{
  model_step(STEP_WRITE, address, size);
  memory_access(address, size, ATOMIC_WRITE);
  if (acquires(order))
    memory_take_over(address);
  if (releases(order))
    memory_hand_over(address, true);
}

#define PLAIN(size)                                                                                \
  void __tsan_read##size(void *address);                                                           \
  void __tsan_read##size(void *address)                                                            \
  {                                                                                                \
    memory_access(address, size, PLAIN_READ);                                                      \
  }                                                                                                \
  void __tsan_write##size(void *address);                                                          \
  void __tsan_write##size(void *address)                                                           \
  {                                                                                                \
    memory_access(address, size, PLAIN_WRITE);                                                     \
  }                                                                                                \
  void __tsan_unaligned_read##size(void *address);                                                 \
  void __tsan_unaligned_read##size(void *address)                                                  \
  {                                                                                                \
    memory_access(address, size, PLAIN_READ);                                                      \
  }                                                                                                \
  void __tsan_unaligned_write##size(void *address);                                                \
  void __tsan_unaligned_write##size(void *address)                                                 \
  {                                                                                                \
    memory_access(address, size, PLAIN_WRITE);                                                     \
  }

PLAIN(1)
PLAIN(2)
PLAIN(4)
PLAIN(8)
PLAIN(16)

void __tsan_read_range(void *address, size_t size);
void __tsan_read_range(void *address, size_t size)
{
  memory_access(address, size, PLAIN_READ);
}

void __tsan_write_range(void *address, size_t size);
void __tsan_write_range(void *address, size_t size)
{
  memory_access(address, size, PLAIN_WRITE);
}

#define ATOMIC(bits)                                                                               \
  uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *address, int order);    \
  uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *address, int order)     \
  {                                                                                                \
    before_load(address, sizeof *address, order);                                                  \
    return *address;                                                                               \
  }                                                                                                \
  void __tsan_atomic##bits##_store(volatile uint##bits##_t *address, uint##bits##_t value,         \
                                   int order);                                                     \
  void __tsan_atomic##bits##_store(volatile uint##bits##_t *address, uint##bits##_t value,         \
                                   int order)                                                      \
  {                                                                                                \
    before_store(address, sizeof *address, order);                                                 \
    *address = value;                                                                              \
  }                                                                                                \
  uint##bits##_t __tsan_atomic##bits##_fetch_add(volatile uint##bits##_t *address,                 \
                                                 uint##bits##_t value, int order);                 \
  uint##bits##_t __tsan_atomic##bits##_fetch_add(volatile uint##bits##_t *address,                 \
                                                 uint##bits##_t value, int order)                  \
  {                                                                                                \
    uint##bits##_t before;                                                                         \
                                                                                                   \
    before_change(address, sizeof *address, order);                                                \
    before = *address;                                                                             \
    *address = (uint##bits##_t)(before + value);                                                   \
    return before;                                                                                 \
  }                                                                                                \
  uint##bits##_t __tsan_atomic##bits##_fetch_sub(volatile uint##bits##_t *address,                 \
                                                 uint##bits##_t value, int order);                 \
  uint##bits##_t __tsan_atomic##bits##_fetch_sub(volatile uint##bits##_t *address,                 \
                                                 uint##bits##_t value, int order)                  \
  {                                                                                                \
    uint##bits##_t before;                                                                         \
                                                                                                   \
    before_change(address, sizeof *address, order);                                                \
    before = *address;                                                                             \
    *address = (uint##bits##_t)(before - value);                                                   \
    return before;                                                                                 \
  }                                                                                                \
  int __tsan_atomic##bits##_compare_exchange_strong(                                               \
      volatile uint##bits##_t *address, uint##bits##_t *expected, uint##bits##_t value, int order, \
      int order_of_failure);                                                                       \
  int __tsan_atomic##bits##_compare_exchange_strong(                                               \
      volatile uint##bits##_t *address, uint##bits##_t *expected, uint##bits##_t value, int order, \
      int order_of_failure)                                                                        \
  {                                                                                                \
    (void)order_of_failure;                                                                        \
    before_change(address, sizeof *address, order);                                                \
    if (*address == *expected) {                                                                   \
      *address = value;                                                                            \
      return 1;                                                                                    \
    }                                                                                              \
    *expected = *address;                                                                          \
    return 0;                                                                                      \
  }

ATOMIC(8)
ATOMIC(32)
ATOMIC(64)

void __tsan_init(void);
void __tsan_init(void)
{
}

void __tsan_func_entry(void *caller);
void __tsan_func_entry(void *caller)
{
  (void)caller;
}

void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}
