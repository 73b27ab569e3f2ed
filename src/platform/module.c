#include "platform/module.h"

static HMODULE self;
DWORD module_thread_slot = TLS_OUT_OF_INDEXES;

bool module_attach(HMODULE module)
{
  self = module;
  module_thread_slot = TlsAlloc();
  return module_thread_slot != TLS_OUT_OF_INDEXES;
}

void module_detach(void)
{
  TlsFree(module_thread_slot);
}

bool module_set_thread_value(void *value)
{
  return TlsSetValue(module_thread_slot, value);
}

bool module_path(WCHAR *path, DWORD chars)
{
  const DWORD length = GetModuleFileNameW(self, path, chars);

  return length != 0 && length < chars;
}
