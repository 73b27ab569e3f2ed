/* A provider DLL that is loaded from disk. It calls functions that the program exports, and reports
 * each load and unload to it. */
#include "soak/lsp_exports.h"

static FARPROC of_program(const char *name)
{
  return GetProcAddress(GetModuleHandleW(NULL), name);
}

__declspec(dllexport) int WSPAPI
    WSPStartup(WORD requested, LPWSPDATA data, LPWSAPROTOCOL_INFOW info, WSPUPCALLTABLE upcalls,
               LPWSPPROC_TABLE table)
{
  const soak_lsp_startup startup = (soak_lsp_startup)(void *)of_program("soak_lsp_start_up");

  return startup == NULL ? WSAEPROVIDERFAILEDINIT : startup(requested, data, info, &upcalls, table);
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved);
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
  const soak_lsp_count count = (soak_lsp_count)(void *)of_program("soak_lsp_counts");

  (void)instance;
  (void)reserved;
  if (reason == DLL_PROCESS_ATTACH || reason == DLL_PROCESS_DETACH)
    count(reason == DLL_PROCESS_ATTACH);
  return TRUE;
}
