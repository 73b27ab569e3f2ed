/* Uses everything that ws2spi_sdk_gaps.h declares. It is compiled for several Windows versions, as
 * C and as C++, and never linked. */
int use_every_gap(SOCKET s, WSAPOLLDATA *poll, WSASENDMSG *send, int *error);

int use_every_gap(SOCKET s, WSAPOLLDATA *poll, WSASENDMSG *send, int *error)
{
  static const GUID ids[] = {WSAID_MULTIPLE_RIO,    WSAID_WSASENDMSG, WSAID_WSAPOLL,
                             WSAID_TRANSMITPACKETS, WSAID_WSARECVMSG, WSAID_ACCEPTEX};
  static const DWORD codes[] = {SIO_BASE_HANDLE,
                                SIO_BSP_HANDLE,
                                SIO_BSP_HANDLE_SELECT,
                                SIO_BSP_HANDLE_POLL,
                                SIO_EXT_SELECT,
                                SIO_EXT_POLL,
                                SIO_EXT_SENDMSG,
                                SIO_QUERY_PNP_TARGET_HANDLE,
                                SIO_QUERY_TARGET_PNP_HANDLE,
                                SIO_GET_MULTIPLE_EXTENSION_FUNCTION_POINTER};
  static const DWORD categories = LSP_SYSTEM | LSP_INSPECTOR | LSP_REDIRECTOR | LSP_PROXY |
                                  LSP_FIREWALL | LSP_INBOUND_MODIFY | LSP_OUTBOUND_MODIFY |
                                  LSP_CRYPTO_COMPRESS | LSP_LOCAL_CACHE;
  static const DWORD flags = XP1_SAN_SUPPORT_SDP | PFL_NETWORKDIRECT_PROVIDER;
  GUID id = ids[0];
  DWORD found = categories | flags | codes[0];
  size_t size = sizeof found;
  WSC_PROVIDER_INFO_TYPE type = ProviderInfoLspCategories;
  LPFN_WSAPOLL poll_function = NULL;
  LPFN_WSASENDMSG send_function = NULL;

  poll->fdArray[0].events = POLLIN | POLLOUT;
  poll->fdArray[0].fd = s;
  if (poll_function != NULL && send_function != NULL)
    return poll_function(poll->fdArray, poll->fds, poll->timeout) +
           send_function(s, send->lpMsg, send->dwFlags, send->lpNumberOfBytesSent,
                         send->lpOverlapped, send->lpCompletionRoutine);
  WSCWriteProviderOrder(&found, 1);
  WSCGetApplicationCategory(L"x", 1, NULL, 0, &found, error);
  WSCSetApplicationCategory(L"x", 1, NULL, 0, LSP_PROXY, &found, error);
#ifdef _WIN64
  WSCWriteProviderOrder32(&found, 1);
  WSCSetProviderInfo32(&id, ProviderInfoAudit, (PBYTE)&found, size, 0, error);
  WSCGetProviderInfo32(&id, type, (PBYTE)&found, &size, 0, error);
  WSCInstallProviderAndChains64_32(&id, NULL, NULL, NULL, 0, NULL, 0, &found, error);
#else
  WSCInstallProviderAndChains(&id, NULL, NULL, 0, NULL, 0, &found, error);
#endif
  WSCSetProviderInfo(&id, type, (PBYTE)&found, size, 0, error);
  return WSCGetProviderInfo(&id, type, (PBYTE)&found, &size, 0, error);
}
