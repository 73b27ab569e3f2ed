/* Sixty-four threads that do everything at once. Their actions are in the act_ files, one for each
 * subject. Each thread has a slot; when it ends, which some do inside their hook, the next thread
 * takes over the slot. No action asserts: wrong results are noted in the ledger. */
#ifndef WS2SPI_TESTS_SOAK_H
#define WS2SPI_TESTS_SOAK_H

#include "soak/dll.h"
#include "soak/guarded_memory.h"
#include "soak/ledger.h"

#include <stdint.h>

enum { SOAK_THREADS = 64, TCP_ENTRY = 1001, UDP_ENTRY = 1002, SCRATCH = 64 * 1024 };

struct soak_slot {
  unsigned index;
  uint32_t seed;
  volatile LONG thread_id; /* 0: no thread yet */
  LONG actions_left;
  char *scratch; /* SCRATCH bytes before an inaccessible page */

  /* the current operation, and the plan of its hook */
  struct soak_operation *operation;
  unsigned plan;
  unsigned hook_runs;

  SOCKET remembered; /* a handle of WPUCreateSocketHandle, perhaps closed */
  SOCKET socket;     /* a datagram socket of the base provider, connected to itself */
  GUID provider_id;
  BOOL is_installed;
};

/* Shared by all slots. */
struct soak_world {
  WSPPROC_TABLE base;
  DWORD handle_entry;  /* of a provider without IFS handles */
  DWORD started_entry; /* of a provider that stays started */
  WCHAR lsp_path[MAX_PATH];
  HANDLE port;
  struct soak_slot *slots;
};

extern struct soak_world world;

unsigned soak_random(struct soak_slot *slot, unsigned below);

/* The last bytes of the scratch memory, so that one byte too many is an access violation. */
void *soak_scratch(struct soak_slot *slot, size_t bytes);

/* The slot of the calling thread, for hooks. */
struct soak_slot *soak_slot(void);

void act_cancel_another(struct soak_slot *slot);
void act_queried_operation(struct soak_slot *slot);
void act_blocking_receive(struct soak_slot *slot);
void act_overlapped_receive(struct soak_slot *slot);
void act_socket_handles(struct soak_slot *slot);
void act_completion(struct soak_slot *slot);
void act_catalog(struct soak_slot *slot);
void act_providers(struct soak_slot *slot);
void act_winsock_start(struct soak_slot *slot);

/* After the last thread: frees what the slots and the world still hold. */
void base_clean_up(struct soak_slot *slot);
void catalog_clean_up(struct soak_slot *slot);
void socket_handles_clean_up(void);

DWORD providers_register(struct soak_slot *slot, DWORD flags);
BOOL providers_start(struct soak_slot *slot, DWORD id);
void providers_stop(struct soak_slot *slot, DWORD id);

/* The protocol number that selects the entry of the slot's own provider. */
int catalog_protocol(const struct soak_slot *slot);

#endif
