/* An application is identified by its path and its arguments, which follow its name on the command
 * line. Each case starts this program again. */
#include "support/cmocka_headers.h"

#include "catalog_view.h"
#include "support/exit_code.h"
#include "support/fake_provider.h"

#include <wchar.h>

enum { PROTOCOL = 250, KEPT_OUT = 0, LOADED = 1, BROKEN = 2 };

static const WCHAR ARGUMENTS[] = L"-k network \"and more\"";

/* --- the program that is started ------------------------------------------------------ */

static BOOL install_layer_with_chain(GUID *layer)
{
  GUID chain = numbered_guid(2);
  WSAPROTOCOL_INFOW info;
  int error;

  fake_provider_info(&info);
  info.ProtocolChain.ChainLen = LAYERED_PROTOCOL;
  if (WSCInstallProvider(layer, L"C:\\lsp.dll", &info, 1, &error) != 0)
    return FALSE;
  info.iAddressFamily = AF_INET;
  info.iSocketType = SOCK_STREAM;
  info.iProtocol = PROTOCOL;
  info.ProtocolChain.ChainLen = 2;
  info.ProtocolChain.ChainEntries[0] = newest_id_of(layer);
  info.ProtocolChain.ChainEntries[1] = 1001;
  return WSCInstallProvider(&chain, L"C:\\lsp.dll", &info, 1, &error) == 0;
}

/* With these arguments the program has another category than the layer. */
static BOOL categorise(GUID *layer)
{
  DWORD categories = LSP_FIREWALL;
  WCHAR path[MAX_PATH];
  const DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
  int error;

  return WSCSetProviderInfo(layer, ProviderInfoLspCategories, (PBYTE)&categories, sizeof categories,
                            0, &error) == 0 &&
         WSCSetApplicationCategory(path, length, ARGUMENTS, (DWORD)wcslen(ARGUMENTS), LSP_SYSTEM,
                                   NULL, &error) == 0;
}

static int try_to_load(void)
{
  GUID layer = numbered_guid(1);
  WSAPROTOCOL_INFOW found;
  int error = 0;

  if (!install_layer_with_chain(&layer) || !categorise(&layer))
    return BROKEN;
  if (Ws2SpiSelectProtocol(WS2SPI_WIDTH_NATIVE, AF_INET, SOCK_STREAM, PROTOCOL, &found, &error) ==
      0)
    return LOADED;
  return error == WSAEPROTONOSUPPORT ? KEPT_OUT : BROKEN;
}

/* --- the tests that start it -------------------------------------------------------------- */

static DWORD outcome_of(WCHAR *command)
{
  WCHAR path[MAX_PATH];

  assert_true(GetModuleFileNameW(NULL, path, MAX_PATH) != 0);
  return exit_code_of_program(path, command);
}

static DWORD outcome_between(const WCHAR *before, const WCHAR *behind)
{
  WCHAR line[MAX_PATH];

  swprintf(line, MAX_PATH, L"%ls%ls%ls", before, ARGUMENTS, behind);
  return outcome_of(line);
}

static void arguments_start_after_the_name_and_blanks(void **state)
{
  static const WCHAR *const before[] = {L"program ",           L"program\t",
                                        L"program \t  \t",     L"\"a program\" ",
                                        L"\"a\tprogram\"\t",   L"\"C:\\a folder\"\\program ",
                                        L"C:\\\"a folder\"\t "};

  for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
    assert_int_equal(outcome_between(before[i], L""), KEPT_OUT);
}

static void other_arguments_are_another_application(void **state)
{
  static const WCHAR *const before[] = {L"program x ", L"\"a program ", L"program-"};

  assert_int_equal(outcome_between(L"program ", L" "), LOADED);
  for (size_t i = 0; i < sizeof before / sizeof before[0]; i++)
    assert_int_equal(outcome_between(before[i], L""), LOADED);
}

int main(int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(arguments_start_after_the_name_and_blanks),
      cmocka_unit_test(other_arguments_are_another_application),
  };

  (void)argv;
  if (argc > 1)
    return try_to_load();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
