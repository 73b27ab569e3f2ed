/* In place of the DLL's own: the system's headers, and what the blocking core calls of
 * the system led to the model. */
#ifndef WS2SPI_PLATFORM_WINDOWS_HEADERS_H
#define WS2SPI_PLATFORM_WINDOWS_HEADERS_H

#include "model/system_headers.h"

#include "model/system_calls.h"

#define AcquireSRWLockExclusive model_acquire_exclusive
#define ReleaseSRWLockExclusive model_release_exclusive
#define AcquireSRWLockShared    model_acquire_shared
#define ReleaseSRWLockShared    model_release_shared
#undef CreateEvent
#define CreateEventW        model_create_event
#define SetEvent            model_set_event
#define CloseHandle         model_close_handle
#define GetCurrentThread    model_current_thread
#define GetCurrentThreadId  model_current_thread_id
#define OpenThread          model_open_thread
#define GetThreadTimes      model_thread_times
#define WaitForSingleObject model_wait

#endif
