/* The upcall table that the functions exported by name use (D10): the DLL's own, or one that a
 * provider in a real Ws2_32 received and set with Ws2SpiSetUpcallTable. */
#ifndef WS2SPI_UPCALLS_TABLE_IN_FORCE_H
#define WS2SPI_UPCALLS_TABLE_IN_FORCE_H

#include "platform/windows_headers.h"

#include <stdatomic.h>

extern _Atomic(const WSPUPCALLTABLE *) upcall_in_force;

/* Never NULL. Valid until the DLL is unloaded. */
static inline const WSPUPCALLTABLE *upcall_table_in_force(void)
{
  return atomic_load_explicit(&upcall_in_force, memory_order_acquire);
}

#endif
