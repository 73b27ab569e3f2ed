/* Memory that ends where an inaccessible page begins, and that stays inaccessible for a
 * while when it has been freed: for what is passed to the DLL, and, in place of HeapAlloc
 * and HeapFree in its import table, for what it allocates itself. */
#ifndef WS2SPI_TESTS_GUARDED_MEMORY_H
#define WS2SPI_TESTS_GUARDED_MEMORY_H

#include <winsock2.h>
#include <windows.h>

/* Zeroed. NULL if there is none. Whatever the size, the block's last byte is the last one
 * that can be accessed; it is aligned as the size is. */
void *guarded_allocate(size_t size);
void guarded_free(void *block);

/* Aligned to 16 bytes; the few that this leaves behind the block are looked at when it is freed. */
LPVOID WINAPI guarded_heap_allocate(HANDLE heap, DWORD flags, SIZE_T size);
BOOL WINAPI guarded_heap_free(HANDLE heap, DWORD flags, LPVOID block);

/* Blocks in use, blocks ever made, and blocks found overwritten before their beginning
 * or behind their end. */
LONG guarded_blocks(void);
LONG guarded_blocks_made(void);
LONG guarded_damages(void);

#endif
