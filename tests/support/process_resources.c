#include "support/process_resources.h"

#include <windows.h>
#include <winternl.h>

#include <stdlib.h>
#include <string.h>

/* GetProcessHandleCount says TRUE and 0 under Wine 8; the system-wide list is right. */

/* The list of all processes, in memory for the caller to free. Wine aligns its items to 4 bytes. */
static void *process_list(void)
{
  ULONG size = 64 * 1024;

  for (;;) {
    void *const list = malloc(size);
    NTSTATUS status;

    if (list == NULL)
      return NULL;
    status = NtQuerySystemInformation(SystemProcessInformation, list, size, &size);
    if (status == 0)
      return list;
    free(list);
    if ((ULONG)status != 0xC0000004) /* STATUS_INFO_LENGTH_MISMATCH */
      return NULL;
    size += 4096;
  }
}

size_t open_handles(void)
{
  const HANDLE own_id = (HANDLE)(ULONG_PTR)GetCurrentProcessId();
  SYSTEM_PROCESS_INFORMATION process = {0};
  void *const list = process_list();
  const char *next = list;

  if (list == NULL)
    return 0;
  do {
    memcpy(&process, next, sizeof process);
    next += process.NextEntryOffset;
  } while (process.UniqueProcessId != own_id && process.NextEntryOffset != 0);
  free(list);
  return process.UniqueProcessId == own_id ? process.HandleCount : 0;
}

size_t handles_in_use(void)
{
  const size_t table = open_handles();
  size_t handles = 0;

  for (size_t i = 1; i <= table; i++) {
    DWORD flags;

    handles += GetHandleInformation((HANDLE)(4 * i), &flags) != 0;
  }
  return handles;
}

size_t heap_blocks(void)
{
  PROCESS_HEAP_ENTRY entry = {0};
  size_t blocks = 0;

  HeapLock(GetProcessHeap());
  while (HeapWalk(GetProcessHeap(), &entry))
    if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)
      blocks++;
  HeapUnlock(GetProcessHeap());
  return blocks;
}
