#include "base/base.h"
#include "blocking/blocking.h"
#include "catalog/catalog.h"
#include "host/host.h"
#include "platform/log.h"
#include "platform/module.h"
#include "registry/registry_store.h"
#include "sockets/socket_table.h"
#include "stores/stores.h"
#include "upcalls/upcalls.h"
#include "wsc/open.h"

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved);

static void dll_main_free(void)
{
  blocking_process_detach();
  base_clear();
  host_clear();
  socket_table_clear();
  catalog_clear();
  store_memory_clear();
  registry_store_close();
  upcall_clear();
  log_close();
  module_detach();
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, LPVOID reserved)
{
  switch (reason) {
  case DLL_PROCESS_ATTACH:
    catalog_set_default_store(wsc_default_store);
    return module_attach(instance);
  case DLL_THREAD_DETACH:
    blocking_thread_detach();
    break;
  case DLL_PROCESS_DETACH:
    /* At the end of the process (reserved is not NULL) the system has ended all other threads, some
     * perhaps while they held our locks. So nothing is freed then. */
    if (reserved == NULL)
      dll_main_free();
    break;
  }
  return TRUE;
}
