/* A provider that calls upcalls by name and never through its table. One call in its WSPStartup
 * makes that work under a real Ws2_32 too. */
#include "by_name_lsp.h"

#include "support/fake_provider.h"

static DWORD entry_id;

__declspec(dllexport) int WSPAPI WSPStartup(WORD version, LPWSPDATA data, LPWSAPROTOCOL_INFOW info,
                                            WSPUPCALLTABLE upcalls, LPWSPPROC_TABLE table)
{
  int error;

  if (Ws2SpiSetUpcallTable(&upcalls, &error) != 0)
    return error;
  entry_id = info->dwCatalogEntryId;
  fake_provider_reset();
  return fake_provider_startup(version, data, info, upcalls, table);
}

__declspec(dllexport) void CALLBACK call_by_name(struct by_name_answer *answer);

void CALLBACK call_by_name(struct by_name_answer *answer)
{
  answer->event = WPUCreateEvent(&answer->error);
  answer->result =
      WPUQueryBlockingCallback(entry_id, &answer->callback, &answer->context, &answer->error);
}
