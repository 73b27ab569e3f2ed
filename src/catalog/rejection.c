#include "catalog/rejection.h"

#include "platform/log.h"

#include <stdio.h>

enum { ENTRY_CHARS = 48 };

static const char *rejection_entry_text(const struct rejection *rejection, char *buffer)
{
  buffer[0] = 0;
  if (rejection->id != 0)
    _snprintf(buffer, ENTRY_CHARS, ", entry %lu", rejection->id);
  else if (rejection->list_index != 0)
    _snprintf(buffer, ENTRY_CHARS, ", entry %lu of the list", rejection->list_index);
  return buffer;
}

static const char *rejection_reason(const struct rejection *rejection, int error)
{
  if (rejection->reason != NULL)
    return rejection->reason;
  return error == WSA_NOT_ENOUGH_MEMORY
             ? "out of memory"
             : "the catalog cannot be read or written, or another writer has locked it";
}

void rejection_log(const struct rejection *rejection, const GUID *provider, int error)
{
  char guid[LOG_GUID_CHARS];
  char entry[ENTRY_CHARS];

  log_event("catalog change rejected%s%s%s: %s, error %d", provider != NULL ? " for " : "",
            provider != NULL ? log_guid(provider, guid) : "",
            rejection_entry_text(rejection, entry), rejection_reason(rejection, error), error);
}
