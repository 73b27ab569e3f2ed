/* Which programs are run: those that the suite runs always, and families by argument. */
#ifndef WS2SPI_TESTS_MODEL_PROGRAMS_H
#define WS2SPI_TESTS_MODEL_PROGRAMS_H

#include "model/script.h"

struct family {
  const char *letters;                   /* that the first thread's scripts are made of */
  unsigned longest;                      /* and how many of them */
  const char *others[MODEL_THREADS - 1]; /* what the others do; NULL behind the last */
};

/* All that make sense anywhere: not k and |, with which a thread id is used again. */
extern const char all_letters[];

struct tally {
  unsigned programs;
  struct exploration runs;
};

/* All interleavings of all programs, or up to the first failure. */
enum model_failure programs_run_suite(struct tally *tally);

/* The same of programs with more cancels than a thread of that core has places for. */
enum model_failure programs_run_crowded(unsigned places, struct tally *tally);

enum model_failure programs_run_family(const struct family *family, struct tally *tally);

void programs_print(const char *what, const struct tally *tally);

#endif
