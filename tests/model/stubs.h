/* What the rooms around the blocking core are told to do, for the thread that runs. */
#ifndef WS2SPI_TESTS_MODEL_NEIGHBOURS_H
#define WS2SPI_TESTS_MODEL_NEIGHBOURS_H

#include <stdbool.h>

void neighbours_begin_run(void);

/* The layer's WSPCancelBlockingCall refuses. */
void neighbours_refuse_cancels(bool on);

/* The out pointers of a query are bad. */
void neighbours_fail_stores(bool on);

#endif
