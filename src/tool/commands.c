#include "tool/commands.h"

const struct command COMMANDS[] = {
    {"list", command_list, OPTION_WIDTH, 0, 0, "list",
     "  Prints every entry in the format of `netsh winsock show catalog`: the 64-bit catalog,\n"
     "  then the 32-bit one, marked (32).\n"},
    {"tree", command_tree, OPTION_WIDTH, 0, 0, "tree",
     "  Draws a tree of entries and the layers over them, then lists the layers' DLLs.\n"},
    {"which", command_which, OPTION_WIDTH, 1, 1, "which TCP|UDP|RAW|TCPv6|UDPv6|RAWv6",
     "  Prints the entry that socket() selects for this protocol, and the elements of its\n"
     "  chain.\n"},
    {"install", command_install,
     OPTION_WIDTH | OPTION_NAME | OPTION_OVER | OPTION_ALL | OPTION_NON_IFS | OPTION_GUID, 1, 1,
     "install DLL --name NAME [--over ID... | --all] [--non-ifs] [--guid GUID]",
     "  Installs a layered provider: its dummy entry and a chain entry over each chosen entry.\n"
     "  The chains are moved to the front of the catalog. If a step fails, the steps before it\n"
     "  are undone. The DLL's word size decides which catalog is changed. Prints the new\n"
     "  entries.\n"
     "  --name NAME  the layer's name, 1 to 255 characters\n"
     "  --over ID... the entries to install the layer over (also ID,ID)\n"
     "  --all        over the entry that socket() now selects for each protocol (the default)\n"
     "  --non-ifs    the layer makes its own handles, with WPUCreateSocketHandle\n"
     "  --guid GUID  the provider id by which the layer finds itself (default: a new one)\n"},
    {"remove", command_remove, OPTION_WIDTH, 1, 1, "remove NAME|GUID|ID",
     "  Removes a layered provider, with its chain entries and its dummy entry, from both\n"
     "  catalogs. NAME, GUID or ID may be that of any of its entries. Refuses while another\n"
     "  layer is installed over it.\n"},
    {"order", command_order, OPTION_WIDTH, 1, -1, "order ID...",
     "  Moves these entries to the front, in this order. All others keep their order. Without\n"
     "  --32 or --64, it changes the catalog of this program's word size.\n"},
    {"check", command_check, OPTION_WIDTH | OPTION_STRICT, 0, 0, "check [--strict]",
     "  Reports what is wrong with the catalog, and how to repair it. Changes nothing.\n"
     "  --strict     if there are only warnings, end with exit code 5 instead of 0\n"},
    {"repair", command_repair, OPTION_WIDTH, 0, 0, "repair",
     "  Removes the entries that check reports as unusable. All others stay, in their order.\n"},
    {"reset", command_reset, OPTION_WIDTH | OPTION_YES, 0, 0, "reset [--yes]",
     "  Removes everything but the base entries, after a confirmation.\n"
     "  --yes        do not ask\n"},
};
const size_t COMMAND_COUNT = sizeof COMMANDS / sizeof COMMANDS[0];
