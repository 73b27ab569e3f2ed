/* In its own file, so that only programs that call it have the symbol. */
#include "support/loopback_only.h"

void loopback_only_give_up(void)
{
  loopback_only_given_up = true;
}
