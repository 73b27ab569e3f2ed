/* The ids that the DLL has the system make. */
#ifndef WS2SPI_TESTS_GIVEN_UUID_H
#define WS2SPI_TESTS_GIVEN_UUID_H

#include <winsock2.h>
#include <windows.h>

#include <rpc.h>

/* From now on UuidCreate gives numbered_guid(GIVEN_UUID), and says this. */
enum { GIVEN_UUID = 77 };
void uuids_come_with(RPC_STATUS status);

#endif
