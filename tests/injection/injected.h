/* What is put in the place of the DLL's imports, and what of them is left alone. */
#ifndef WS2SPI_TESTS_INJECTED_H
#define WS2SPI_TESTS_INJECTED_H

#include <winsock2.h>
#include <windows.h>

/* For import_table_visit: the function that stands in for the import, or NULL. */
FARPROC injected_import(const char *dll, const char *name, void *unused);

/* Why an import, or what is looked up by name, is left alone; NULL: it is not known, or it is
 * injected. */
const char *reason_to_leave_alone(const char *name);

/* What the DLL asks GetProcAddress for in the system's Winsock: whether it has a stand-in, by
 * which `function`, which was found, is replaced. */
BOOL injected_winsock_function(const char *name, FARPROC *function);

/* The name of one that has none, and no reason to be left alone; empty: there was none yet. */
extern char injected_unknown_function[64];

/* No callback of the pool is in the DLL, nor will be. */
BOOL injected_pool_is_quiet(void);

/* The ids that UuidCreate makes are the same from here on each time, so that what is installed with
 * them can be compared. */
void numbered_uuids_begin(void);

/* With which requests to a device fail: a shortage, unless a test wants another status. */
extern volatile LONG injected_status;

/* With which functions of the registry fail: the same. */
extern volatile LONG injected_registry_error;

/* References on itself that the DLL took to stay loaded for good: they were taken as
 * ordinary ones, so that a test can unload it in the end. */
extern volatile LONG injected_pins;

/* Ends the waits that the DLL asked the system for, which last as long as it is loaded, and
 * gives back what it holds for them: before it is unloaded all the same. */
void injected_end_lasting_waits(void);

#endif
