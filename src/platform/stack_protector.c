/* The run-time half of the compiler's overrun checks, in place of gcc's libssp. That would be
 * one more DLL or, linked in, would open a cryptographic provider while the loader holds its
 * lock. -fstack-protector-strong compares a copy of __stack_chk_guard at the end of a function;
 * _FORTIFY_SOURCE calls the copying functions below where it knows the size of the destination.
 * An overrun ends the process at once: no handler and no clean-up code runs on a stack that may
 * have been overwritten. */
#include "platform/compiler.h"
#include "platform/windows_headers.h"

#include <intrin.h>
#include <string.h>

extern UINT_PTR __stack_chk_guard;

void __stack_chk_fail(void);
void __chk_fail(void);
void *__memcpy_chk(void *target, const void *source, size_t size, size_t room);
void *__memmove_chk(void *target, const void *source, size_t size, size_t room);
void *__memset_chk(void *target, int value, size_t size, size_t room);
char *__strcpy_chk(char *target, const char *source, size_t room);
char *__strcat_chk(char *target, const char *source, size_t room);

UINT_PTR __stack_chk_guard;

/* EncodePointer adds a random number that the kernel chose for this process, and the processor's
 * clock has a resolution below a microsecond; neither can fail. This function has no guarded
 * stack of its own. */
static AT_LOAD void stack_protector_choose_guard(void)
{
  const UINT64 clock = __rdtsc() * 0x9E3779B97F4A7C15u;

  __stack_chk_guard = (UINT_PTR)EncodePointer(&__stack_chk_guard) ^ (UINT_PTR)(clock >> 16);
}

/* __fastfail, which the MinGW headers do not declare. */
static _Noreturn void stack_protector_fail_fast(UINT code)
{
  for (;;)
    __asm__ volatile("int $0x29" : : "c"(code) : "memory");
}

void __stack_chk_fail(void)
{
  stack_protector_fail_fast(FAST_FAIL_STACK_COOKIE_CHECK_FAILURE);
}

void __chk_fail(void)
{
  stack_protector_fail_fast(FAST_FAIL_RANGE_CHECK_FAILURE);
}

void *__memcpy_chk(void *target, const void *source, size_t size, size_t room)
{
  if (size > room)
    __chk_fail();
  return memcpy(target, source, size);
}

void *__memmove_chk(void *target, const void *source, size_t size, size_t room)
{
  if (size > room)
    __chk_fail();
  return memmove(target, source, size);
}

void *__memset_chk(void *target, int value, size_t size, size_t room)
{
  if (size > room)
    __chk_fail();
  return memset(target, value, size);
}

char *__strcpy_chk(char *target, const char *source, size_t room)
{
  if (strlen(source) >= room)
    __chk_fail();
  return strcpy(target, source);
}

char *__strcat_chk(char *target, const char *source, size_t room)
{
  if (strlen(target) + strlen(source) >= room)
    __chk_fail();
  return strcat(target, source);
}
