/* Scaffolding: lets the DLL link until this room is built. */
#include "base/base.h"
int base_startup(WORD v, LPWSPDATA d, LPWSAPROTOCOL_INFOW i, const WSPUPCALLTABLE *u,
                 LPWSPPROC_TABLE t)
{
  (void)v;
  (void)d;
  (void)i;
  (void)u;
  (void)t;
  return WSASYSNOTREADY;
}
bool base_is_started(void)
{
  return false;
}
void base_clear(void)
{
}
int WSPAPI base_cancel_blocking_call(LPINT e)
{
  (void)e;
  return SOCKET_ERROR;
}
