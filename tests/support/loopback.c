#include "support/loopback.h"
typedef int nothing_yet;
