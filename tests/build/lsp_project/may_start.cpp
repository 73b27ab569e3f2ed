// Needs the C++ runtime: an exception that carries a string, thrown and caught.
#include <stdexcept>
#include <string>

#include "layer.h"

static void refuse(const std::string &reason)
{
  throw std::runtime_error(reason + ", or so it seems");
}

BOOL layer_may_start(void)
{
  try {
    refuse("the layer has no reason to start");
  } catch (const std::exception &refusal) {
    return std::string(refusal.what()).find("seems") != std::string::npos;
  }
  return FALSE;
}
