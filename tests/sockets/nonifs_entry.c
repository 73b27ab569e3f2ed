#include "support/cmocka_headers.h"

#include "sockets/nonifs_entry.h"
#include "support/fake_provider.h"

DWORD nonifs_entry;

int register_nonifs_entry(void **state)
{
  WSAPROTOCOL_INFOW info;
  int error;

  fake_provider_reset();
  fake_provider_info(&info);
  info.dwServiceFlags1 &= ~(DWORD)XP1_IFS_HANDLES;
  return Ws2SpiRegisterProvider(&info, fake_provider_startup, &nonifs_entry, &error);
}

int unregister_nonifs_entry(void **state)
{
  int error;

  return Ws2SpiUnregisterProvider(nonifs_entry, &error);
}

SOCKET new_handle(DWORD_PTR context)
{
  int error = UNTOUCHED;
  const SOCKET s = WPUCreateSocketHandle(nonifs_entry, context, &error);

  assert_int_equal(error, UNTOUCHED);
  assert_true(s != INVALID_SOCKET && s != 0);
  return s;
}

void close_handle(SOCKET s)
{
  int error = UNTOUCHED;

  assert_int_equal(WPUCloseSocketHandle(s, &error), 0);
  assert_int_equal(error, UNTOUCHED);
}

int query_context(SOCKET s, DWORD_PTR *context, int *error)
{
  *error = UNTOUCHED;
  *context = UNTOUCHED;
  return WPUQuerySocketHandleContext(s, context, error);
}

int complete(SOCKET s, WSAOVERLAPPED *overlapped, DWORD code, DWORD bytes, int *error)
{
  *error = UNTOUCHED;
  return WPUCompleteOverlappedRequest(s, overlapped, code, bytes, error);
}

WSAOVERLAPPED request_under_way(HANDLE event)
{
  return (WSAOVERLAPPED){
      .Internal = WSS_OPERATION_IN_PROGRESS, .InternalHigh = UNTOUCHED, .hEvent = event};
}
