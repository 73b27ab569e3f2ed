#include "upcalls/upcalls.h"

#include "platform/caller_memory.h"
#include "platform/spi_error.h"

#include "ws2spi_shim.h"

const WSPUPCALLTABLE upcall_table = {
    .lpWPUCloseEvent = upcall_close_event,
    .lpWPUCloseSocketHandle = upcall_close_socket_handle,
    .lpWPUCreateEvent = upcall_create_event,
    .lpWPUCreateSocketHandle = upcall_create_socket_handle,
    .lpWPUFDIsSet = upcall_fd_is_set,
    .lpWPUGetProviderPath = upcall_get_provider_path,
    .lpWPUModifyIFSHandle = upcall_modify_ifs_handle,
    .lpWPUPostMessage = upcall_post_message,
    .lpWPUQueryBlockingCallback = upcall_query_blocking_callback,
    .lpWPUQuerySocketHandleContext = upcall_query_socket_handle_context,
    .lpWPUQueueApc = upcall_queue_apc,
    .lpWPUResetEvent = upcall_reset_event,
    .lpWPUSetEvent = upcall_set_event,
    .lpWPUOpenCurrentThread = upcall_open_current_thread,
    .lpWPUCloseThread = upcall_close_thread,
};

int WSPAPI Ws2SpiGetUpcallTable(LPWSPUPCALLTABLE lpUpcallTable, LPINT lpErrno)
{
  if (!spi_begin(lpErrno))
    return SOCKET_ERROR;
  if (!caller_write(lpUpcallTable, &upcall_table, sizeof upcall_table))
    return spi_fail(lpErrno, WSAEFAULT);
  return 0;
}
