/* What DllMain saved: who we are, and the slot through which a thread finds its
 * blocking record. */
#ifndef WS2SPI_PLATFORM_MODULE_H
#define WS2SPI_PLATFORM_MODULE_H

#include "platform/windows_headers.h"

#include <stdbool.h>
#include <winternl.h>

/* False if no slot is to be had: then the DLL does not load. */
bool module_attach(HMODULE module);
void module_detach(void);

extern DWORD module_thread_slot_index; /* set once, by module_attach */

/* This thread's value in our slot, or NULL. TlsGetValue would do, but it costs more than
 * the rest of a WPUQueryBlockingCallback and clears the last error. A thread's slots
 * are in its TEB, where winternl.h declares them: the first 64 themselves, and a
 * pointer to the others if the thread has used any of those. */
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

/* Full path of this ws2spi.dll; false if it does not fit. */
bool module_path(WCHAR *path, DWORD chars);

#endif
