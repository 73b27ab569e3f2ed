#include "catalog/rejection.h"

#include "platform/log.h"

#include <stdio.h>

enum { ENTRY_CHARS = 48 };

static const char *name_entry(const struct refusal *refusal, char *buffer)
{
  buffer[0] = 0;
  if (refusal->id != 0)
    _snprintf(buffer, ENTRY_CHARS, ", entry %lu", refusal->id);
  else if (refusal->place != 0)
    _snprintf(buffer, ENTRY_CHARS, ", entry %lu of the list", refusal->place);
  return buffer;
}

static const char *rule_of(const struct refusal *refusal, int error)
{
  if (refusal->rule != NULL)
    return refusal->rule;
  return error == WSA_NOT_ENOUGH_MEMORY ? "memory is exhausted"
                                        : "it cannot be read or written, or somebody else writes";
}

void refusal_log(const struct refusal *refusal, const GUID *provider, int error)
{
  char guid[LOG_GUID_CHARS];
  char entry[ENTRY_CHARS];

  log_event("the catalog refuses %s%s: %s, error %d",
            provider != NULL ? log_guid(provider, guid) : "a change", name_entry(refusal, entry),
            rule_of(refusal, error), error);
}
