/* The entries over which a new layer is installed. */
#ifndef WS2SPI_TOOL_LAYER_TARGETS_H
#define WS2SPI_TOOL_LAYER_TARGETS_H

#include "tool/installation.h"
#include "tool/listing.h"

/* Fills in `targets`: the entries with these ids; or, if `ids` is NULL, the first usable entry of
 * each family, type and protocol, which is what socket() selects now. So the new layer is
 * installed on top of layers that exist. EXIT_DONE; otherwise EXIT_REFUSED, EXIT_USAGE or
 * EXIT_FAILED after an error message that names the entry. */
enum exit_code layer_targets_choose(struct installation *installation,
                                    const struct listing *listing, const struct id_list *ids);
void layer_targets_free(struct installation *installation);

#endif
