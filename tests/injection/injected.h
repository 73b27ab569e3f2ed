/* Functions that replace the DLL's imports, and the imports that are not replaced. */
#ifndef WS2SPI_TESTS_INJECTED_H
#define WS2SPI_TESTS_INJECTED_H

#include <winsock2.h>
#include <windows.h>

/* For import_table_visit: the function that replaces the import, or NULL. */
FARPROC injected_import(const char *dll, const char *name, void *unused);

/* Why no failure is injected into an import or a function that is looked up by name; NULL if it is
 * injected or unknown. */
const char *reason_not_injected(const char *name);

/* For a function that the DLL looks up in the system's Winsock: whether it has a replacement, which
 * is then stored in `function` in place of the function found. */
BOOL injected_winsock_function(const char *name, FARPROC *function);

/* The name of a function that has neither a replacement nor a reason; empty if there was none. */
extern char injected_unknown_function[64];

/* No callback of the thread pool is in the DLL, or will be. */
BOOL injected_pool_is_quiet(void);

/* From here on UuidCreate returns the same sequence of ids, so that installed entries can be
 * compared. */
void numbered_uuids_begin(void);

/* The status with which requests to a device fail: a shortage, unless a test sets another. */
extern volatile LONG injected_status;

/* The error with which functions of the registry fail: a shortage, unless a test sets another. */
extern volatile LONG injected_registry_error;

/* References that the DLL took on itself in order to stay loaded. They were taken as ordinary ones,
 * so that a test can unload it in the end. */
extern volatile LONG injected_pins;

/* Ends the waits that the DLL registered with the system for as long as it is loaded, and frees
 * what it holds for them, so that it can be unloaded. */
void injected_end_lasting_waits(void);

#endif
