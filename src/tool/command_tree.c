#include "tool/commands.h"

#include "tool/output.h"
#include "tool/tree.h"

#include <string.h>

/* A drawing in progress. `prefix` is what stands before a line: the lines of the levels
 * above. A branch is four characters wide, at most six bytes long. */
struct drawing {
  const struct listing *listing;
  const struct tree *tree;
  char prefix[6 * 64 + 1];
};

/* FALSE where the drawing would become too wide; then the branches stay at this level. */
static BOOL indent(struct drawing *drawing, BOOL is_last)
{
  const char *const more = is_last ? "    " : "│   ";

  if (strlen(drawing->prefix) + strlen(more) >= sizeof drawing->prefix)
    return FALSE;
  strcat(drawing->prefix, more);
  return TRUE;
}

static void print_branch(const struct drawing *drawing, BOOL is_last)
{
  print("%s%s", drawing->prefix, is_last ? "└── " : "├── ");
}

static void print_node(const struct drawing *drawing, size_t node, BOOL is_last)
{
  const WS2SPI_CATALOG_ENTRY *const entry = &drawing->listing->entries[node];
  const DWORD layer = entry_layer(entry);

  print_branch(drawing, is_last);
  print("%lu %s", entry->ProtocolInfo.dwCatalogEntryId,
        utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
  if (layer != 0)
    print(" (layer %lu)", layer);
  if (entry_chain_length(entry) > 0 && drawing->tree->parent[node] == TREE_NONE)
    print(", over an entry that is not there");
  print("\n");
}

/* The stack grows with the depth of the tree, which no chain can make deeper than there
 * are entries; what goes round in circles hangs under no root and is never reached. */
static void draw_subtree(struct drawing *drawing, size_t node, BOOL is_last)
{
  const size_t length = strlen(drawing->prefix);

  print_node(drawing, node, is_last);
  indent(drawing, is_last);
  for (size_t child = drawing->tree->first_child[node]; child != TREE_NONE;
       child = drawing->tree->next_sibling[child])
    draw_subtree(drawing, child, drawing->tree->next_sibling[child] == TREE_NONE);
  drawing->prefix[length] = '\0';
}

static BOOL is_layer(const WS2SPI_CATALOG_ENTRY *entry)
{
  return entry->ProtocolInfo.ProtocolChain.ChainLen == LAYERED_PROTOCOL;
}

static size_t count_layers(const struct listing *listing)
{
  size_t count = 0;

  for (size_t i = 0; i < listing->count; i++)
    if (is_layer(&listing->entries[i]))
      count++;
  return count;
}

static void draw_layers(struct drawing *drawing, size_t count)
{
  print("└── layers\n");
  indent(drawing, TRUE);
  for (size_t i = 0; i < drawing->listing->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = &drawing->listing->entries[i];

    if (is_layer(entry)) {
      print_branch(drawing, --count == 0);
      print("%lu %s, ", entry->ProtocolInfo.dwCatalogEntryId,
            utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
      print("%s\n", utf8_from_wide(entry->szPath).text);
    }
  }
}

/* The last root, TREE_NONE if there is none. */
static size_t last_root(const struct listing *listing, const struct tree *tree)
{
  for (size_t i = listing->count; i-- > 0;)
    if (tree->parent[i] == TREE_NONE && !is_layer(&listing->entries[i]))
      return i;
  return TREE_NONE;
}

static void draw(const struct listing *listing, const struct tree *tree)
{
  struct drawing drawing = {.listing = listing, .tree = tree};
  const size_t layers = count_layers(listing);
  const size_t last = last_root(listing, tree);

  print("%d-bit catalog\n", width_bits(listing->width));
  for (size_t i = 0; i < listing->count; i++)
    if (tree->parent[i] == TREE_NONE && !is_layer(&listing->entries[i]))
      draw_subtree(&drawing, i, i == last && layers == 0);
  if (layers > 0)
    draw_layers(&drawing, layers);
}

static enum exit_code draw_catalog(DWORD width, void *unused)
{
  struct listing listing;
  struct tree tree;
  enum exit_code code = listing_read(&listing, width);

  (void)unused;
  if (code != EXIT_DONE)
    return code;
  if (tree_build(&tree, &listing)) {
    draw(&listing, &tree);
    tree_free(&tree);
  } else {
    complain("memory is exhausted");
    code = EXIT_FAILED;
  }
  listing_free(&listing);
  return code;
}

enum exit_code command_tree(const struct request *request, int count, const char **arguments)
{
  (void)count;
  (void)arguments;
  return for_each_width(request, WS2SPI_WIDTH_BOTH, draw_catalog, NULL);
}
