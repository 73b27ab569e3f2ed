/* What the rooms around the blocking core are told to do, for the thread that runs. */
#ifndef WS2SPI_TESTS_MODEL_STUBS_H
#define WS2SPI_TESTS_MODEL_STUBS_H

#include <stdbool.h>

void stubs_begin_run(void);

/* The layer's WSPCancelBlockingCall refuses. */
void stubs_refuse_cancels(bool on);

/* The out pointers of a query are bad. */
void stubs_fail_stores(bool on);

#endif
