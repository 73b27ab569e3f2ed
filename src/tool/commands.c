#include "tool/commands.h"

const struct command COMMANDS[] = {
    {"list", command_list, OPTION_WIDTH, 0, 0, "list",
     "  Prints every entry as `netsh winsock show catalog` does: the 64-bit catalog, then\n"
     "  the 32-bit one, marked (32).\n"},
    {"tree", command_tree, OPTION_WIDTH, 0, 0, "tree",
     "  Draws what is layered over what, then the layers with their DLLs.\n"},
    {"which", command_which, OPTION_WIDTH, 1, 1, "which TCP|UDP|RAW|TCPv6|UDPv6|RAWv6",
     "  Prints the entry that a socket() of this protocol would get, and under it the\n"
     "  elements of its chain.\n"},
    {"install", command_install,
     OPTION_WIDTH | OPTION_NAME | OPTION_OVER | OPTION_ALL | OPTION_NON_IFS | OPTION_GUID, 1, 1,
     "install DLL --name NAME [--over ID... | --all] [--non-ifs] [--guid GUID]",
     "  Installs a layered provider: its dummy entry, a chain entry over each entry that is\n"
     "  named, and the chains in front of all others. If a step fails, the others are undone.\n"
     "  The catalog is the one of the DLL's word size. Prints the new entries.\n"
     "  --name NAME  of the layer, 1 to 255 characters\n"
     "  --over ID... the entries to be layered over (also ID,ID)\n"
     "  --all        over what a socket() gets now for each protocol (the default)\n"
     "  --non-ifs    the layer makes its own handles, with WPUCreateSocketHandle\n"
     "  --guid GUID  the provider id that the layer knows itself by (default: a fresh one)\n"},
    {"remove", command_remove, OPTION_WIDTH, 1, 1, "remove NAME|GUID|ID",
     "  Removes all that belongs to a layered provider, its chain entries and its dummy, from\n"
     "  both catalogs. Any of its entries may be named. Refuses while the chain of another\n"
     "  layer needs it.\n"},
    {"order", command_order, OPTION_WIDTH, 1, -1, "order ID...",
     "  Puts these entries first, in this order; the others keep theirs behind them. Means the\n"
     "  catalog of this program's word size unless --32 or --64 says otherwise.\n"},
    {"check", command_check, OPTION_WIDTH, 0, 0, "check",
     "  Looks for what is broken, and says how to repair it. Changes nothing.\n"},
    {"repair", command_repair, OPTION_WIDTH, 0, 0, "repair",
     "  Removes what check says cannot be used. All other entries stay, in their order.\n"},
    {"reset", command_reset, OPTION_WIDTH | OPTION_YES, 0, 0, "reset [--yes]",
     "  Leaves the base entries only, after asking.\n"
     "  --yes        does not ask\n"},
};
const size_t COMMAND_COUNT = sizeof COMMANDS / sizeof COMMANDS[0];
