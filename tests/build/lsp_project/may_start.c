#include "layer.h"

BOOL layer_may_start(void)
{
  return TRUE;
}
