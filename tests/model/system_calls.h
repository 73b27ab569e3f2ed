/* The functions of Windows that the blocking core calls, as the model has them. */
#ifndef WS2SPI_TESTS_MODEL_SYSTEM_CALLS_H
#define WS2SPI_TESTS_MODEL_SYSTEM_CALLS_H

#include "model/explore.h"

#include <windows.h>

void system_begin_run(void);

/* Whether the thread can take the step now, without waiting. */
bool model_can_take(unsigned thread, const struct step *step);

void model_acquire_exclusive(PSRWLOCK lock);
void model_release_exclusive(PSRWLOCK lock);
void model_acquire_shared(PSRWLOCK lock);
void model_release_shared(PSRWLOCK lock);

HANDLE model_create_event(LPSECURITY_ATTRIBUTES security, BOOL manual_reset, BOOL set,
                          LPCWSTR name);
BOOL model_set_event(HANDLE event);
BOOL model_close_handle(HANDLE handle);
unsigned model_events_in_use(void);

/* Like WaitForMultipleObjects for the thread's data and this event. True if the data ended the
 * wait; the event is then unchanged. */
bool model_sleep(HANDLE event);

/* The thread's data arrives, once. */
void model_complete(unsigned thread);

/* The id of a thread of the model. Its first and its second life have the same id and different
 * creation times. */
DWORD model_thread_id(unsigned thread);
void model_kill_thread(unsigned thread);  /* TerminateThread: no detach */
void model_start_thread(unsigned thread); /* a second life */
void model_thread_is_gone(unsigned thread);

HANDLE model_current_thread(void);
DWORD model_current_thread_id(void);
HANDLE model_open_thread(DWORD access, BOOL inherit, DWORD id);
BOOL model_thread_times(HANDLE thread, LPFILETIME created, LPFILETIME exited, LPFILETIME kernel,
                        LPFILETIME user);
DWORD model_wait(HANDLE thread, DWORD milliseconds);

#endif
