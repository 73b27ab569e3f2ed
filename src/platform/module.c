#include "platform/module.h"

static HMODULE self;
DWORD module_thread_slot_index = TLS_OUT_OF_INDEXES;

bool module_attach(HMODULE module)
{
  self = module;
  module_thread_slot_index = TlsAlloc();
  return module_thread_slot_index != TLS_OUT_OF_INDEXES;
}

void module_detach(void)
{
  TlsFree(module_thread_slot_index);
}

bool module_thread_slot_set(void *value)
{
  return TlsSetValue(module_thread_slot_index, value);
}

bool module_path(WCHAR *path, DWORD chars)
{
  const DWORD length = GetModuleFileNameW(self, path, chars);

  return length != 0 && length < chars;
}
