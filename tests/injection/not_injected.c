/* The imports that no failure is injected into, each with its reason. */
#include "injection/injected.h"

#include <string.h>

#define LOCKS    "a lock, a condition or a fence: it has no failure"
#define QUESTION "its failure is the answer to the question that is asked"
#define ITSELF   "it tells of this thread, process or program, and has no failure"
#define AT_HAND  "text and memory at hand: it has no failure"
#define RUNTIME  "the C runtime's own start and end, before and after all code of ours"
#define HANDED_ON                                                                                  \
  "called with the caller's arguments, and its error is the answer: system_catalog_full_api"
#define NOT_THERE "Wine has none; system_catalog_full_api plays one"
#define OWN_WAIT  "waits for live objects of the DLL's own, which cannot fail"

static const struct {
  const char *name;
  const char *reason;
} not_injected[] = {
    {"AcquireSRWLockExclusive", LOCKS},
    {"AcquireSRWLockShared", LOCKS},
    {"InitializeConditionVariable", LOCKS},
    {"InitializeSRWLock", LOCKS},
    {"InitOnceExecuteOnce", LOCKS},
    {"ReleaseSRWLockExclusive", LOCKS},
    {"ReleaseSRWLockShared", LOCKS},
    {"SleepConditionVariableSRW", LOCKS},
    {"SwitchToThread", LOCKS},
    {"WakeAllConditionVariable", LOCKS},

    {"GetHandleInformation", QUESTION},
    {"GetModuleHandleW", QUESTION},
    {"GetOverlappedResult", QUESTION},
    {"GetThreadId", QUESTION},
    {"IsWindow", QUESTION},
    {"MultiByteToWideChar", QUESTION}, /* is it text? */
    {"PeekMessageW", QUESTION},
    {"PeekNamedPipe", QUESTION},
    {"UuidFromStringW", QUESTION}, /* is it a GUID? */
    {"VirtualQuery", QUESTION},
    {"GetEnvironmentVariableW", QUESTION},

    {"EncodePointer", ITSELF},
    {"GetCommandLineW", ITSELF},
    {"GetCurrentProcess", ITSELF},
    {"GetCurrentProcessId", ITSELF},
    {"GetCurrentThread", ITSELF},
    {"GetCurrentThreadId", ITSELF},
    {"GetLastError", ITSELF},
    {"GetProcessHeap", ITSELF},
    {"GetStdHandle", ITSELF},
    {"GetTickCount", ITSELF},
    {"GetTickCount64", ITSELF},
    {"SetLastError", ITSELF},
    {"WSAGetLastError", ITSELF},
    {"WSASetLastError", ITSELF},

    {"CharUpperW", AT_HAND},
    {"CompareFileTime", AT_HAND},
    {"CompareStringOrdinal", AT_HAND},
    {"_snprintf", AT_HAND},
    {"_snwprintf", AT_HAND},
    {"_vsnprintf", AT_HAND},
    {"lstrcmpW", AT_HAND},
    {"lstrcmpiW", AT_HAND},
    {"lstrcpyA", AT_HAND},
    {"lstrcpynW", AT_HAND},
    {"lstrlenW", AT_HAND},
    {"memchr", AT_HAND},
    {"memcmp", AT_HAND},
    {"memcpy", AT_HAND},
    {"memmove", AT_HAND},
    {"memset", AT_HAND},
    {"qsort", AT_HAND},
    {"strcat", AT_HAND},
    {"strchr", AT_HAND},
    {"strcmp", AT_HAND},
    {"strcpy", AT_HAND},
    {"strlen", AT_HAND},
    {"wcschr", AT_HAND},
    {"wcscmp", AT_HAND},
    {"wcscpy", AT_HAND},
    {"wcscpy_s", AT_HAND},
    {"wcslen", AT_HAND},
    {"wcspbrk", AT_HAND},
    {"wsprintfW", AT_HAND},

    /* Looked up in the system's Winsock, for the system's catalog. */
    {"WSAProviderConfigChange", HANDED_ON},
    {"WSCDeinstallProvider", HANDED_ON},
    {"WSCEnumProtocols32", NOT_THERE},
    {"WSCGetApplicationCategory", QUESTION},
    {"WSCGetProviderInfo", QUESTION},
    {"WSCGetProviderPath32", NOT_THERE},
    {"WSCInstallProvider", HANDED_ON},
    {"WSCSetApplicationCategory", HANDED_ON},
    {"WSCWriteProviderOrder", HANDED_ON},
    {"wine_get_version", QUESTION},
    {"WSPStartup", "tests/host and failing_host make a provider's own fail"},

    {"WaitForSingleObject", OWN_WAIT},
    {"WaitForSingleObjectEx", OWN_WAIT},
    {"SetThreadpoolWait", "a registration with the pool: it has no failure"},
    {"SetHandleInformation",
     "tests/sockets/socket_system_refuses.c makes it fail: of a live handle it takes nothing"},
    {"VirtualFree", "gives back what was allocated, and cannot fail"},
    {"DispatchMessageW", "hands a message of the program's own to the program"},
    {"TranslateMessage", "hands a message of the program's own to the program"},

    {"GetModuleHandleA", RUNTIME},
    {"LoadLibraryA", RUNTIME},
    {"__iob_func", RUNTIME},
    {"_iob", RUNTIME},
    {"_amsg_exit", RUNTIME},
    {"_initterm", RUNTIME},
    {"_lock", RUNTIME},
    {"_unlock", RUNTIME},
    {"abort", RUNTIME},
    {"calloc", RUNTIME},
    {"free", RUNTIME},
    {"fwrite", RUNTIME},
    {"realloc", RUNTIME},
    {"strncmp", RUNTIME},
    {"vfprintf", RUNTIME},
    {"DeleteCriticalSection", RUNTIME},
    {"EnterCriticalSection", RUNTIME},
    {"InitializeCriticalSection", RUNTIME},
    {"LeaveCriticalSection", RUNTIME},
    {"Sleep", "it waits, and has no failure"},
    {"TlsGetValue", RUNTIME},
    {"VirtualProtect", RUNTIME},
};

const char *reason_to_leave_alone(const char *name)
{
  for (size_t i = 0; i < sizeof not_injected / sizeof not_injected[0]; i++)
    if (strcmp(not_injected[i].name, name) == 0)
      return not_injected[i].reason;
  return NULL;
}
