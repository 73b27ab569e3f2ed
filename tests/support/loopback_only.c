#include "support/loopback_only.h"

#include <winsock2.h>
#include <ws2tcpip.h>

#include <windows.h>
#include <winternl.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "injection/import_table.h"
#include "support/on_wine.h"

bool loopback_only_given_up;

/* --- addresses --------------------------------------------------------------------------------- */

union name {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

static bool is_loopback(const union name *name)
{
  const struct in6_addr *six = &name->v6.sin6_addr;

  switch (name->any.sa_family) {
  case AF_INET:
    return name->v4.sin_addr.S_un.S_un_b.s_b1 == 127;
  case AF_INET6:
    return IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127);
  default:
    return true;
  }
}

static bool has_port(const union name *name)
{
  return name->v4.sin_port != 0; /* an IPv6 address has its port in the same place */
}

/* --- the state of the socket -------------------------------------------------------------------- */

/* Found at run time, because a program may load ws2_32 without importing from it. */
static FARPROC of_winsock(const char *name)
{
  return GetProcAddress(GetModuleHandleW(L"ws2_32.dll"), name);
}

static bool is_stream(SOCKET s)
{
  int(WSAAPI *const option)(SOCKET, int, int, char *, int *) = (void *)of_winsock("getsockopt");
  int type = 0, size = sizeof type;

  return option(s, SOL_SOCKET, SO_TYPE, (char *)&type, &size) == 0 && type == SOCK_STREAM;
}

static bool is_bound_to_loopback(SOCKET s)
{
  int(WSAAPI *const get)(SOCKET, struct sockaddr *, int *) = (void *)of_winsock("getsockname");
  union name name = {{0, {0}}};
  int size = sizeof name;

  /* Winsock rejects a listen on an unbound socket by itself. */
  return get(s, &name.any, &size) != 0 || is_loopback(&name);
}

/* --- the requests ------------------------------------------------------------------------------- */

enum { IOCTL_AFD_BIND = 0x12003, IOCTL_AFD_LISTEN = 0x1200b };

/* The input is a ULONG, the sharing mode, and then the address. */
static bool may_bind(SOCKET s, const void *input, ULONG size)
{
  union name name = {{0, {0}}};

  if (size <= sizeof(ULONG))
    return true;
  size -= (ULONG)sizeof(ULONG);
  memcpy(&name, (const char *)input + sizeof(ULONG), size < sizeof name ? size : sizeof name);
  return is_loopback(&name) || (!has_port(&name) && is_stream(s));
}

static bool may_be_asked(HANDLE file, ULONG code, const void *input, ULONG size)
{
  if (loopback_only_given_up)
    return true;
  if (code == IOCTL_AFD_BIND)
    return may_bind((SOCKET)file, input, size);
  return code != IOCTL_AFD_LISTEN || is_bound_to_loopback((SOCKET)file);
}

static void say_refused(ULONG code)
{
  char line[128];
  DWORD written;
  const int length =
      snprintf(line, sizeof line, "%s refused: other machines could reach the socket\n",
               code == IOCTL_AFD_BIND ? "bind" : "listen");

  WriteFile(GetStdHandle(STD_ERROR_HANDLE), line, (DWORD)length, &written, NULL);
}

static NTSTATUS NTAPI watched_request(HANDLE file, HANDLE event, PIO_APC_ROUTINE routine,
                                      PVOID context, PIO_STATUS_BLOCK status, ULONG code,
                                      PVOID input, ULONG input_size, PVOID output,
                                      ULONG output_size)
{
  if (!may_be_asked(file, code, input, input_size)) {
    say_refused(code);
    return (NTSTATUS)0xC0000022; /* STATUS_ACCESS_DENIED */
  }
  return NtDeviceIoControlFile(file, event, routine, context, status, code, input, input_size,
                               output, output_size);
}

/* --- every load of ws2_32 ------------------------------------------------------------- */

static FARPROC watch(const char *dll, const char *name, void *context)
{
  (void)dll;
  (void)context;
  return strcmp(name, "NtDeviceIoControlFile") == 0 ? (FARPROC)(void (*)(void))watched_request
                                                    : NULL;
}

/* LDR_DLL_NOTIFICATION_DATA, which MinGW's headers lack. */
struct loaded_dll {
  ULONG flags;
  const UNICODE_STRING *path, *name;
  PVOID base;
  ULONG size;
};

enum { LOADED = 1 };

static bool is_winsock(const UNICODE_STRING *name)
{
  static const WCHAR winsock[] = L"ws2_32.dll";
  const size_t length = sizeof winsock / sizeof winsock[0] - 1;

  return name->Length == length * sizeof(WCHAR) && _wcsnicmp(name->Buffer, winsock, length) == 0;
}

static VOID CALLBACK dll_comes_or_goes(ULONG reason, const struct loaded_dll *dll, PVOID context)
{
  (void)context;
  if (reason == LOADED && is_winsock(dll->name))
    import_table_visit(dll->base, watch, NULL);
}

typedef NTSTATUS(NTAPI *register_function)(
    ULONG, VOID(CALLBACK *)(ULONG, const struct loaded_dll *, PVOID), PVOID, PVOID *);

/* The notification lasts as long as the process. */
__attribute__((constructor)) static void watch_winsock(void)
{
  const HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
  const HMODULE winsock = GetModuleHandleW(L"ws2_32.dll");
  register_function notify;
  PVOID cookie;
  const FARPROC found = GetProcAddress(ntdll, "LdrRegisterDllNotification");

  if (!on_wine())
    return;
  memcpy(&notify, &found, sizeof found);
  if (winsock != NULL)
    import_table_visit(winsock, watch, NULL);
  notify(0, dll_comes_or_goes, NULL, &cookie);
}
