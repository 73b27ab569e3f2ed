#include "platform/caller_memory.h"

#include "platform/bad_pointer.h"
#include "platform/windows_headers.h"

enum { PAGE_BYTES = 4096 };

static bool caller_fail(const void *pointer, size_t size, enum bad_pointer_use use)
{
  if (log_is_on())
    bad_pointer_keep(pointer, size, use);
  return false;
}

bool caller_fail_write(const void *target, size_t size)
{
  return caller_fail(target, size, BAD_POINTER_WRITTEN);
}

bool caller_read(void *destination, const void *source, size_t size)
{
  return guarded_copy(destination, source, size) != 0 ||
         caller_fail(source, size, BAD_POINTER_READ);
}

bool caller_write(void *destination, const void *source, size_t size)
{
  return guarded_copy(destination, source, size) != 0 || caller_fail_write(destination, size);
}

bool caller_can_write(void *target, size_t size)
{
  const uintptr_t first = (uintptr_t)target;

  if (size == 0)
    return true;
  if (first + (size - 1) < first)
    return caller_fail_write(target, size);
  for (uintptr_t at = first; at <= first + (size - 1);
       at = (at | (uintptr_t)(PAGE_BYTES - 1)) + 1) {
    if (!guarded_touch((void *)at))
      return caller_fail_write(target, size);
    if ((at | (uintptr_t)(PAGE_BYTES - 1)) == UINTPTR_MAX)
      break;
  }
  return true;
}

size_t caller_string_length(const wchar_t *string, size_t limit)
{
  wchar_t character;

  for (size_t length = 0; length < limit; length++) {
    if (!caller_read(&character, string + length, sizeof character))
      return CALLER_BAD_STRING;
    if (character == 0)
      return length;
  }
  return limit;
}

static bool caller_is_executable(const void *address)
{
  const DWORD executable =
      PAGE_EXECUTE | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE | PAGE_EXECUTE_WRITECOPY;
  MEMORY_BASIC_INFORMATION region;

  if (address == NULL || VirtualQuery(address, &region, sizeof region) != sizeof region)
    return false;
  return region.State == MEM_COMMIT && (region.Protect & executable) != 0 &&
         (region.Protect & PAGE_GUARD) == 0;
}

bool caller_can_execute(const void *address)
{
  return caller_is_executable(address) || caller_fail(address, 1, BAD_POINTER_CALLED);
}
