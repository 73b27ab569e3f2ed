#include "platform/module.h"

static HMODULE self;
static DWORD thread_slot = TLS_OUT_OF_INDEXES;

bool module_attach(HMODULE module)
{
  self = module;
  thread_slot = TlsAlloc();
  return thread_slot != TLS_OUT_OF_INDEXES;
}

void module_detach(void)
{
  TlsFree(thread_slot);
}

DWORD module_thread_slot(void)
{
  return thread_slot;
}

bool module_path(WCHAR *path, DWORD chars)
{
  const DWORD length = GetModuleFileNameW(self, path, chars);

  return length != 0 && length < chars;
}
