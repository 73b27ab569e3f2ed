/* The behaviour of the stubs, for the running thread. */
#ifndef WS2SPI_TESTS_MODEL_STUBS_H
#define WS2SPI_TESTS_MODEL_STUBS_H

#include <stdbool.h>

void stubs_begin_run(void);

/* The layer's WSPCancelBlockingCall fails. */
void stubs_refuse_cancels(bool on);

/* The out pointers of a query are bad. */
void stubs_fail_stores(bool on);

#endif
