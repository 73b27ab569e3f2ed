#include "catalog/rejection.h"

#include "platform/log.h"

#include <stdio.h>

enum { ENTRY_CHARS = 48 };

static const char *name_entry(const struct rejection *rejection, char *buffer)
{
  buffer[0] = 0;
  if (rejection->id != 0)
    _snprintf(buffer, ENTRY_CHARS, ", entry %lu", rejection->id);
  else if (rejection->place != 0)
    _snprintf(buffer, ENTRY_CHARS, ", entry %lu of the list", rejection->place);
  return buffer;
}

static const char *rule_of(const struct rejection *rejection, int error)
{
  if (rejection->rule != NULL)
    return rejection->rule;
  return error == WSA_NOT_ENOUGH_MEMORY ? "memory is exhausted"
                                        : "it cannot be read or written, or somebody else writes";
}

void rejection_log(const struct rejection *rejection, const GUID *provider, int error)
{
  char guid[LOG_GUID_CHARS];
  char entry[ENTRY_CHARS];

  log_event("the catalog refuses %s%s: %s, error %d",
            provider != NULL ? log_guid(provider, guid) : "a change", name_entry(rejection, entry),
            rule_of(rejection, error), error);
}
