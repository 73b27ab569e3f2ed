/* The programs that are run: those of the suite, and families given as arguments. */
#ifndef WS2SPI_TESTS_MODEL_PROGRAMS_H
#define WS2SPI_TESTS_MODEL_PROGRAMS_H

#include "model/script.h"

struct family {
  const char *letters;                   /* the letters of the first thread's scripts */
  unsigned longest;                      /* the length of these scripts */
  const char *others[MODEL_THREADS - 1]; /* the scripts of the other threads, NULL after the last */
};

/* All letters that apply anywhere: not k and |, with which a thread id is used again. */
extern const char all_letters[];

struct tally {
  unsigned programs;
  struct exploration runs;
};

/* Runs all interleavings of all programs, or up to the first failure. */
enum model_failure programs_run_suite(struct tally *tally);

/* The same for programs with more cancels than a thread of that core has places. */
enum model_failure programs_run_crowded(unsigned places, struct tally *tally);

enum model_failure programs_run_family(const struct family *family, struct tally *tally);

void programs_print(const char *what, const struct tally *tally);

#endif
