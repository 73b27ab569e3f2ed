/* Memory that ends at an inaccessible page and stays inaccessible for a while after it is freed. It
 * is used for what is passed to the DLL and, in place of HeapAlloc and HeapFree in its import
 * table, for what the DLL allocates. */
#ifndef WS2SPI_TESTS_GUARDED_MEMORY_H
#define WS2SPI_TESTS_GUARDED_MEMORY_H

#include <winsock2.h>
#include <windows.h>

/* Zeroed; NULL if there is no memory. The block's last byte is the last accessible one, for every
 * size; the block is aligned as its size is. */
void *guarded_allocate(size_t size);
void guarded_free(void *block);

/* Aligned to 16 bytes. The few bytes that this leaves behind the block are checked when it is
 * freed. */
LPVOID WINAPI guarded_heap_allocate(HANDLE heap, DWORD flags, SIZE_T size);
BOOL WINAPI guarded_heap_free(HANDLE heap, DWORD flags, LPVOID block);

/* Blocks in use, blocks ever allocated, and blocks found overwritten before their start or behind
 * their end. */
LONG guarded_blocks(void);
LONG guarded_blocks_made(void);
LONG guarded_damages(void);

#endif
