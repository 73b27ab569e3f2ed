#include "tool/output.h"

enum exit_code out_of_memory(void)
{
  print_diagnostic("out of memory");
  return EXIT_FAILED;
}

const char *error_name(int error)
{
  static const struct {
    int error;
    const char *name;
  } names[] = {
      {WSA_NOT_ENOUGH_MEMORY, "WSA_NOT_ENOUGH_MEMORY"},
      {WSAEFAULT, "WSAEFAULT"},
      {WSAEINVAL, "WSAEINVAL"},
      {WSAEINPROGRESS, "WSAEINPROGRESS"},
      {WSAEOPNOTSUPP, "WSAEOPNOTSUPP"},
      {WSAEAFNOSUPPORT, "WSAEAFNOSUPPORT"},
      {WSAEPROTONOSUPPORT, "WSAEPROTONOSUPPORT"},
      {WSAESOCKTNOSUPPORT, "WSAESOCKTNOSUPPORT"},
      {WSAENOBUFS, "WSAENOBUFS"},
      {WSAEINVALIDPROCTABLE, "WSAEINVALIDPROCTABLE"},
      {WSAEINVALIDPROVIDER, "WSAEINVALIDPROVIDER"},
      {WSAEPROVIDERFAILEDINIT, "WSAEPROVIDERFAILEDINIT"},
      {WSASYSCALLFAILURE, "WSASYSCALLFAILURE"},
      {WSASERVICE_NOT_FOUND, "WSASERVICE_NOT_FOUND"},
      {WSANO_RECOVERY, "WSANO_RECOVERY"},
  };

  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (names[i].error == error)
      return names[i].name;
  return "error";
}
