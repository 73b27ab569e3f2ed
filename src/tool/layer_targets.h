/* The entries that a new layer goes over. */
#ifndef WS2SPI_TOOL_LAYER_TARGETS_H
#define WS2SPI_TOOL_LAYER_TARGETS_H

#include "tool/installation.h"
#include "tool/listing.h"

/* Fills in lower and lower_count: the entries with these ids, or where `ids` is NULL, for
 * each family, type and protocol the first that programs can use, which is what a
 * socket() gets now; so the layer comes on top of layers that are there. EXIT_DONE, or
 * EXIT_REFUSED, EXIT_USAGE or EXIT_FAILED after a complaint that names the entry. */
enum exit_code lower_entries_choose(struct installation *installation,
                                    const struct listing *listing, const struct id_list *ids);
void lower_entries_free(struct installation *installation);

#endif
