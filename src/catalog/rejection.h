/* Why a change of the catalog is refused: noted where the rule is, which may be under the
 * tables' lock, and logged by whoever holds none. */
#ifndef WS2SPI_CATALOG_REJECTION_H
#define WS2SPI_CATALOG_REJECTION_H

#include "platform/windows_headers.h"

struct rejection {
  const char *rule; /* a literal; NULL: no rule, the error says it */
  DWORD id;         /* of the entry at fault; 0: none */
  DWORD place;      /* of the entry at fault in the caller's list, from 1; 0: none */
};

#define PROVIDER_IS_INSTALLED     "a provider of this id is installed"
#define PROVIDER_IS_REGISTERED    "a provider of this id is registered in this process"
#define PROVIDER_IS_NOT_INSTALLED "no provider of this id is installed"
#define NO_MORE_IDS               "there are no more ids for entries"
#define ONLY_READ                 "it is the system's, which is only read here"
#define NO_ENTRIES                "the list has no entries"
#define NO_POSSIBLE_PATH          "its path is empty or does not fit MAX_PATH"

/* Notes it, and returns the error. */
static inline int reject(struct rejection *rejection, int error, const char *rule)
{
  *rejection = (struct rejection){.rule = rule};
  return error;
}

static inline int reject_entry(struct rejection *rejection, int error, DWORD id, const char *rule)
{
  *rejection = (struct rejection){.rule = rule, .id = id};
  return error;
}

static inline int reject_list_index(struct rejection *rejection, int error, size_t index,
                                    const char *rule)
{
  *rejection = (struct rejection){.rule = rule, .place = (DWORD)index + 1};
  return error;
}

/* One line. The provider is whose entries were to change; NULL: nobody's. */
void rejection_log(const struct rejection *rejection, const GUID *provider, int error);

#endif
