/* The fake provider as a DLL, for tests that load a provider by path. */
#include "fake_lsp.h"

__declspec(dllexport) int WSPAPI
    WSPStartup(WORD requested, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE upcalls,
               LPWSPPROC_TABLE table)
{
  return fake_provider_startup(requested, data, info, upcalls, table);
}

__declspec(dllexport) struct fake_provider *fake_lsp_state(void)
{
  return &fake_provider;
}
