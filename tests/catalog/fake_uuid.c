#include "fake_uuid.h"

#include "catalog_view.h"
#include "support/replaced_imports.h"

static RPC_STATUS status_to_say;

static RPC_STATUS RPC_ENTRY create_uuid(UUID *uuid)
{
  *uuid = numbered_guid(GIVEN_UUID);
  return status_to_say;
}

void uuids_come_with(RPC_STATUS status)
{
  static const struct replaced_import imports[] = {REPLACED_IMPORT(UuidCreate, create_uuid)};

  replace_imports(imports, 1);
  status_to_say = status;
}
