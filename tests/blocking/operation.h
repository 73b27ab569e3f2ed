/* A blocking operation as a provider sees it: a callback and its context. */
#ifndef WS2SPI_TESTS_BLOCKING_OPERATION_H
#define WS2SPI_TESTS_BLOCKING_OPERATION_H

#include "support/cmocka_headers.h"

struct operation {
  LPBLOCKINGCALLBACK callback;
  DWORD_PTR context;
};

/* For a thread with a hook. */
static inline struct operation begin(DWORD id)
{
  struct operation operation = {NULL, 0};
  int error = -1;

  assert_int_equal(WPUQueryBlockingCallback(id, &operation.callback, &operation.context, &error),
                   0);
  assert_int_equal(error, -1); /* a successful upcall leaves it */
  assert_non_null(operation.callback);
  return operation;
}

static inline BOOL run(struct operation operation)
{
  return operation.callback(operation.context);
}

#endif
