/* The DLL itself: its path, and the thread slot in which a thread's blocking record is stored. */
#ifndef WS2SPI_PLATFORM_MODULE_H
#define WS2SPI_PLATFORM_MODULE_H

#include "platform/windows_headers.h"

#include <stdbool.h>
#include <winternl.h>

/* False if the process has no free slot: then the DLL does not load. */
bool module_attach(HMODULE module);
void module_detach(void);

extern DWORD module_thread_slot_index; /* set once, by module_attach */

/* This thread's value in our slot, or NULL. TlsGetValue returns the same, but costs more than
 * the rest of a WPUQueryBlockingCallback, and clears the last error. A thread's slots are in its
 * TEB, as winternl.h declares it: the first 64 in an array, and a pointer to the others if the
 * thread has used any of them. */
static inline void *module_thread_slot_get(void)
{
  const TEB *teb = NtCurrentTeb();
  const DWORD in_teb = sizeof teb->TlsSlots / sizeof teb->TlsSlots[0];

  if (module_thread_slot_index < in_teb)
    return teb->TlsSlots[module_thread_slot_index];
  if (teb->TlsExpansionSlots == NULL)
    return NULL;
  return ((void *const *)teb->TlsExpansionSlots)[module_thread_slot_index - in_teb];
}

bool module_thread_slot_set(void *value);

/* The full path of this ws2spi.dll. False if it is longer than the buffer. */
bool module_path(WCHAR *path, DWORD chars);

#endif
