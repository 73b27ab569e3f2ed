#include "support/fake_provider.h"
typedef int nothing_yet;
