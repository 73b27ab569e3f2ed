/* The ProviderId under which the layer is installed and by which it finds its own catalog entry.
 * Each provider needs an id of its own. */
#ifndef LAYERED_PROVIDER_H
#define LAYERED_PROVIDER_H

#include <guiddef.h>

static const GUID layered_provider_id = {
    0x5b7c1f3e, 0x0c8a, 0x4d52, {0x9e, 0x61, 0x2f, 0x84, 0xd0, 0x17, 0xa3, 0xc6}};

#endif
