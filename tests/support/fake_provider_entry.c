#include "support/fake_provider.h"

#include <string.h>

void fake_provider_info(WSAPROTOCOL_INFOW *info)
{
  memset(info, 0, sizeof *info);
  info->dwServiceFlags1 = XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_IFS_HANDLES;
  info->ProtocolChain.ChainLen = BASE_PROTOCOL;
  info->iVersion = 2;
  info->iAddressFamily = AF_INET;
  info->iMaxSockAddr = sizeof(struct sockaddr_in);
  info->iMinSockAddr = sizeof(struct sockaddr_in);
  info->iSocketType = SOCK_STREAM;
  info->iProtocol = 250;
  wcscpy(info->szProtocol, L"Fake provider");
}

DWORD fake_provider_register(void)
{
  WSAPROTOCOL_INFOW info;
  DWORD id = 0;
  int error;

  fake_provider_info(&info);
  return Ws2SpiRegisterProvider(&info, fake_provider_startup, &id, &error) == 0 ? id : 0;
}
