#include "soak/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MISTAKES_PRINTED = 20 };

struct soak_cancel {
  unsigned victim;
  LONG before;
  LONG after;
  BOOL used; /* this cancel ended an operation */
};

struct slot {
  struct soak_operation *operations;
  unsigned operation_count;
  struct soak_cancel *cancels;
  unsigned cancel_count;
};

static volatile LONG counts[LEDGER_KIND_COUNT];
static volatile LONG mistakes;
static volatile LONG time_now;
static struct slot *slots;
static unsigned slot_count;
static unsigned most; /* capacity of the operations, and of the cancels, of each slot */

void ledger_begin(unsigned how_many, unsigned actions)
{
  memset((void *)counts, 0, sizeof counts);
  time_now = 0;
  mistakes = 0;
  slot_count = how_many;
  most = 4 * actions + 16;
  slots = calloc(how_many, sizeof *slots);
  for (unsigned i = 0; i < how_many; i++) {
    slots[i].operations = calloc(most, sizeof *slots[i].operations);
    slots[i].cancels = calloc(most, sizeof *slots[i].cancels);
  }
}

void ledger_free(void)
{
  for (unsigned i = 0; i < slot_count; i++) {
    free(slots[i].operations);
    free(slots[i].cancels);
  }
  free(slots);
}

void ledger_count(enum ledger_kind kind)
{
  InterlockedIncrement(&counts[kind]);
}

LONG ledger_counted(enum ledger_kind kind)
{
  return counts[kind];
}

void ledger_mistake(unsigned slot, const char *what, int error)
{
  if (InterlockedIncrement(&mistakes) <= MISTAKES_PRINTED)
    fprintf(stderr, "thread %u: %s, %d\n", slot, what, error);
}

LONG ledger_mistakes(void)
{
  return mistakes;
}

LONG ledger_now(void)
{
  return InterlockedIncrement(&time_now);
}

struct soak_operation *ledger_begin_operation(unsigned slot)
{
  struct soak_operation *operation;

  if (slots[slot].operation_count == most) {
    ledger_mistake(slot, "more operations than were expected", (int)most);
    slots[slot].operation_count--;
  }
  operation = &slots[slot].operations[slots[slot].operation_count++];
  memset(operation, 0, sizeof *operation);
  operation->began = ledger_now();
  operation->last_look = operation->began;
  operation->alive = operation->began;
  operation->over = MAXLONG;
  return operation;
}

void ledger_cancel(unsigned slot, unsigned victim, LONG before, LONG after)
{
  struct slot *own = &slots[slot];

  if (own->cancel_count == most) {
    ledger_mistake(slot, "more cancels than were expected", (int)most);
    return;
  }
  own->cancels[own->cancel_count++] = (struct soak_cancel){victim, before, after, FALSE};
}

/* --- the balance of cancels ----------------------------------------------------------------- */

static BOOL can_be_of(const struct soak_cancel *cancel, const struct soak_operation *operation)
{
  return operation->began <= cancel->after && cancel->before <= operation->over;
}

static BOOL can_have_ended(const struct soak_cancel *cancel, const struct soak_operation *operation)
{
  return operation->was_cancelled && can_be_of(cancel, operation) &&
         cancel->after >= operation->alive;
}

/* Returns the cancel that ended the operation: of all that can have done so, the one that can end
 * no later operation. */
static struct soak_cancel *find_cause(unsigned victim, const struct soak_operation *operation)
{
  struct soak_cancel *cause = NULL;

  for (unsigned i = 0; i < slot_count; i++) {
    for (unsigned k = 0; k < slots[i].cancel_count; k++) {
      struct soak_cancel *cancel = &slots[i].cancels[k];

      if (cancel->victim == victim && !cancel->used && can_have_ended(cancel, operation) &&
          (cause == NULL || cancel->after < cause->after))
        cause = cancel;
    }
  }
  return cause;
}

static void find_causes(struct cancel_balance *balance)
{
  for (unsigned i = 0; i < slot_count; i++) {
    for (unsigned k = 0; k < slots[i].operation_count; k++) {
      const struct soak_operation *operation = &slots[i].operations[k];
      struct soak_cancel *cause;

      if (!operation->was_cancelled || operation->by_its_own_hook)
        continue;
      cause = find_cause(i, operation);
      if (cause != NULL) {
        cause->used = TRUE;
        balance->seen++;
      } else {
        balance->astray++;
      }
    }
  }
}

static void account_for(const struct soak_cancel *cancel, struct cancel_balance *balance)
{
  const struct slot *victim = &slots[cancel->victim];
  BOOL again = FALSE;
  BOOL lost = FALSE;

  for (unsigned i = 0; i < victim->operation_count; i++) {
    const struct soak_operation *operation = &victim->operations[i];

    if (!can_be_of(cancel, operation))
      continue;
    if (can_have_ended(cancel, operation))
      again = TRUE;
    else if (!operation->was_cancelled && operation->last_look < cancel->after)
      lost = TRUE;
  }
  if (again)
    balance->again++;
  else if (lost)
    balance->lost++;
  else
    balance->missing++;
}

struct cancel_balance ledger_balance(void)
{
  struct cancel_balance balance = {0};

  find_causes(&balance);
  for (unsigned i = 0; i < slot_count; i++) {
    balance.sent += slots[i].cancel_count;
    for (unsigned k = 0; k < slots[i].cancel_count; k++) {
      if (!slots[i].cancels[k].used)
        account_for(&slots[i].cancels[k], &balance);
    }
  }
  return balance;
}

void ledger_print(void)
{
  static const char *const texts[] = {
#define LEDGER_TEXT(kind, text) text,
      LEDGER_KINDS(LEDGER_TEXT)
#undef LEDGER_TEXT
  };

  for (unsigned i = 0; i < LEDGER_KIND_COUNT; i++)
    printf("  %-34s %8ld\n", texts[i], counts[i]);
}
