/* Scaffolding: lets the DLL link until this room is built. */
#include "catalog/catalog.h"
#include "platform/spi_error.h"
#include "ws2spi_shim.h"
bool catalog_contains(DWORD id) { (void)id; return false; }
const struct catalog_entry *catalog_acquire(DWORD id) { (void)id; return NULL; }
void catalog_release(const struct catalog_entry *e) { (void)e; }
void catalog_clear(void) {}
int WSPAPI WSCEnumProtocols(LPINT p, LPWSAPROTOCOL_INFOW b, LPDWORD l, LPINT e) { (void)p; (void)b; (void)l; return spi_fail(e, WSAEINVAL); }
int WSPAPI WSCGetProviderPath(LPGUID g, WCHAR *p, LPINT l, LPINT e) { (void)g; (void)p; (void)l; return spi_fail(e, WSAEINVAL); }
int WSPAPI WSCInstallProvider(LPGUID g, const WCHAR *p, const LPWSAPROTOCOL_INFOW i, DWORD n, LPINT e) { (void)g; (void)p; (void)i; (void)n; return spi_fail(e, WSAEINVAL); }
int WSPAPI WSCDeinstallProvider(LPGUID g, LPINT e) { (void)g; return spi_fail(e, WSAEINVAL); }
int WSPAPI Ws2SpiRegisterProvider(const WSAPROTOCOL_INFOW *i, LPWSPSTARTUP s, LPDWORD d, LPINT e) { (void)i; (void)s; (void)d; return spi_fail(e, WSAEINVAL); }
int WSPAPI Ws2SpiUnregisterProvider(DWORD d, LPINT e) { (void)d; return spi_fail(e, WSAEINVAL); }
int catalog_get_provider_path(const GUID *g, WCHAR *p, int *c) { (void)g; (void)p; (void)c; return WSAEINVAL; }
