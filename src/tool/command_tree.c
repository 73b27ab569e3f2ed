#include "tool/commands.h"

#include "tool/output.h"
#include "tool/tree.h"

#include <string.h>

/* `prefix` is the beginning of each line: the branches of the levels above it. A branch is four
 * characters wide and at most six bytes long. */
struct drawing {
  const struct listing *listing;
  const struct tree *tree;
  char prefix[6 * 64 + 1];
};

/* Deeper levels than there is room for are drawn at the same indentation. */
static void tree_indent(struct drawing *drawing, BOOL is_last)
{
  const char *const more = is_last ? "    " : "│   ";

  if (strlen(drawing->prefix) + strlen(more) < sizeof drawing->prefix)
    strcat(drawing->prefix, more);
}

static void tree_print_branch(const struct drawing *drawing, BOOL is_last)
{
  print("%s%s", drawing->prefix, is_last ? "└── " : "├── ");
}

static void tree_print_node(const struct drawing *drawing, size_t node, BOOL is_last)
{
  const WS2SPI_CATALOG_ENTRY *const entry = &drawing->listing->entries[node];
  const DWORD layer = entry_layer(entry);

  tree_print_branch(drawing, is_last);
  print("%lu %s", entry->ProtocolInfo.dwCatalogEntryId,
        utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
  if (layer != 0)
    print(" (layer %lu)", layer);
  if (entry_chain_length(entry) > 0 && drawing->tree->parent[node] == TREE_NONE)
    print(", over a missing entry");
  print("\n");
}

/* The recursion ends: the tree is at most as deep as the catalog has entries, and entries in a
 * circle have no root, so they are never reached. */
static void tree_print_subtree(struct drawing *drawing, size_t node, BOOL is_last)
{
  const size_t length = strlen(drawing->prefix);

  tree_print_node(drawing, node, is_last);
  tree_indent(drawing, is_last);
  for (size_t child = drawing->tree->first_child[node]; child != TREE_NONE;
       child = drawing->tree->next_sibling[child])
    tree_print_subtree(drawing, child, drawing->tree->next_sibling[child] == TREE_NONE);
  drawing->prefix[length] = '\0';
}

static BOOL tree_is_layer(const WS2SPI_CATALOG_ENTRY *entry)
{
  return entry->ProtocolInfo.ProtocolChain.ChainLen == LAYERED_PROTOCOL;
}

static size_t tree_count_layers(const struct listing *listing)
{
  size_t count = 0;

  for (size_t i = 0; i < listing->count; i++)
    if (tree_is_layer(&listing->entries[i]))
      count++;
  return count;
}

static void tree_print_layers(struct drawing *drawing, size_t count)
{
  print("└── layers\n");
  tree_indent(drawing, TRUE);
  for (size_t i = 0; i < drawing->listing->count; i++) {
    const WS2SPI_CATALOG_ENTRY *const entry = &drawing->listing->entries[i];

    if (tree_is_layer(entry)) {
      tree_print_branch(drawing, --count == 0);
      print("%lu %s, ", entry->ProtocolInfo.dwCatalogEntryId,
            utf8_from_wide(entry->ProtocolInfo.szProtocol).text);
      print("%s\n", utf8_from_wide(entry->szPath).text);
    }
  }
}

/* TREE_NONE: there is no root. */
static size_t tree_last_root(const struct listing *listing, const struct tree *tree)
{
  for (size_t i = listing->count; i-- > 0;)
    if (tree->parent[i] == TREE_NONE && !tree_is_layer(&listing->entries[i]))
      return i;
  return TREE_NONE;
}

static void tree_print(const struct listing *listing, const struct tree *tree)
{
  struct drawing drawing = {.listing = listing, .tree = tree};
  const size_t layers = tree_count_layers(listing);
  const size_t last = tree_last_root(listing, tree);

  print("%d-bit catalog\n", width_bits(listing->width));
  for (size_t i = 0; i < listing->count; i++)
    if (tree->parent[i] == TREE_NONE && !tree_is_layer(&listing->entries[i]))
      tree_print_subtree(&drawing, i, i == last && layers == 0);
  if (layers > 0)
    tree_print_layers(&drawing, layers);
}

static enum exit_code tree_catalog(DWORD width, void *unused)
{
  struct listing listing;
  struct tree tree;
  enum exit_code code = listing_read(&listing, width);

  (void)unused;
  if (code != EXIT_DONE)
    return code;
  if (tree_build(&tree, &listing)) {
    tree_print(&listing, &tree);
    tree_free(&tree);
  } else {
    code = out_of_memory();
  }
  listing_free(&listing);
  return code;
}

enum exit_code command_tree(const struct command_line *line)
{
  return for_each_width(line, WS2SPI_WIDTH_BOTH, tree_catalog, NULL);
}
