#include "layer.h"

static SRWLOCK lock = SRWLOCK_INIT;
static WSPUPCALLTABLE upcalls;

void upcalls_keep(const WSPUPCALLTABLE *table)
{
  AcquireSRWLockExclusive(&lock);
  upcalls = *table;
  ReleaseSRWLockExclusive(&lock);
}

WSPUPCALLTABLE current_upcalls(void)
{
  WSPUPCALLTABLE copy;

  AcquireSRWLockShared(&lock);
  copy = upcalls;
  ReleaseSRWLockShared(&lock);
  return copy;
}
