#include "support/process_resources.h"

#include <windows.h>
#include <winternl.h>

#include <stdlib.h>
#include <string.h>

/* Under Wine 8 GetProcessHandleCount returns TRUE and 0, and the system-wide list has the size of
 * the process's handle table (32, 64, 128...) instead of its use. So each possible handle value is
 * tried. */

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

struct process_counts {
  size_t room_for_handles;
  size_t threads;
};

static struct process_counts counts_of_this_process(void)
{
  const HANDLE own_id = (HANDLE)(ULONG_PTR)GetCurrentProcessId();
  SYSTEM_PROCESS_INFORMATION process = {0};
  void *const list = process_list();
  struct process_counts counts = {0, 0};
  const char *next = list;

  if (list == NULL)
    return counts;
  do {
    memcpy(&process, next, sizeof process);
    next += process.NextEntryOffset;
  } while (process.UniqueProcessId != own_id && process.NextEntryOffset != 0);
  if (process.UniqueProcessId == own_id) {
    counts.room_for_handles = process.HandleCount;
    counts.threads = process.NumberOfThreads;
  }
  free(list);
  return counts;
}

size_t running_threads(void)
{
  return counts_of_this_process().threads;
}

size_t open_handles(void)
{
  const size_t room = counts_of_this_process().room_for_handles;
  DWORD handles = 0;
  DWORD flags;

  if (GetProcessHandleCount(GetCurrentProcess(), &handles) && handles != 0)
    return handles;
  for (size_t i = 1; i <= room; i++)
    handles += GetHandleInformation((HANDLE)(i * sizeof(DWORD)), &flags) != 0;
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
