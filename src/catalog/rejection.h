/* Why a change of the catalog is rejected. A rule notes the reason where it is checked, perhaps
 * under the lock of the tables; the entry point writes it to the log when it holds no lock. */
#ifndef WS2SPI_CATALOG_REJECTION_H
#define WS2SPI_CATALOG_REJECTION_H

#include "platform/windows_headers.h"

struct rejection {
  const char *reason; /* a literal; NULL: no rule is broken, the error code says what failed */
  DWORD id;           /* of the entry that breaks the rule; 0: none */
  DWORD list_index;   /* of that entry in the caller's list, from 1; 0: none */
};

/* The reasons that several rules have. */
#define PROVIDER_IS_INSTALLED     "a provider with this ProviderId is already installed"
#define PROVIDER_IS_REGISTERED    "a provider with this ProviderId is registered in this process"
#define PROVIDER_IS_NOT_INSTALLED "no provider with this ProviderId is installed"
#define NO_IDS_LEFT               "no catalog ids are left"
#define STORE_IS_READ_ONLY        "the system's catalog is read-only here"
#define LIST_IS_EMPTY             "the list of entries is empty"
#define PATH_IS_INVALID           "the DLL path is empty or longer than MAX_PATH"

/* Each notes the reason and returns the error. */
static inline int reject(struct rejection *rejection, int error, const char *reason)
{
  *rejection = (struct rejection){.reason = reason};
  return error;
}

static inline int reject_entry(struct rejection *rejection, int error, DWORD id, const char *reason)
{
  *rejection = (struct rejection){.reason = reason, .id = id};
  return error;
}

/* `index` counts from 0. */
static inline int reject_list_index(struct rejection *rejection, int error, size_t index,
                                    const char *reason)
{
  *rejection = (struct rejection){.reason = reason, .list_index = (DWORD)index + 1};
  return error;
}

/* Writes one line. `provider`: whose entries were to change, or NULL. */
void rejection_log(const struct rejection *rejection, const GUID *provider, int error);

#endif
