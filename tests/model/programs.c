#include "model/programs.h"

#include "model/history.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 16 };

const char all_letters[] = "huqfbepwcCornixs";

/* Chosen by hand: a thread id that is used again, by threads with and without operations;
 * threads that cancel each other; two cancellers at once; data that arrives at any time. */
static const struct program chosen[] = {
    {{"hqk|hqc", "0"}},     {{"hqk|c", "0"}},        {{"bk|hqc", "0"}},    {{"hqx|hqc", "0"}},
    {{"hbx|bw", "0"}},      {{"bhqx|bw", "0"}},      {{"bbk|bw", "0"}},    {{"hqk|hqc", "00"}},
    {{"hqc1", "hqc0"}},     {{"bw1", "bw0"}},        {{"hbco", "0"}},      {{"hqbcCeco", "0"}},
    {{"hqncfco", "0"}},     {{"hqbncfpec", "0"}},    {{"hqbbwewec", "0"}}, {{"hqbwec", "00"}},
    {{"hqcuqchqs", "0"}},   {{"qh", "q", "01"}},     {{"bqhcwuewq", "0"}}, {{"hq", "0", "0"}},
    {{"b", "0", "0"}},      {{"hqc", "0", "0"}},     {{"bw", "00", "d"}},  {{"bwebw", "0", "dd"}},
    {{"bwbwe", "0", "dd"}}, {{"hqbcweC", "0", "d"}},
};

static const struct family families[] = {
    {"huqbepwcCorixs", 4, {"0"}},
    {all_letters, 3, {"00"}},
    {"hqbewcor", 4, {"0", "d"}},
};

static const struct program crowded[] = {
    {{"hqbec", "00"}},   {{"hqqC", "00"}},      {{"bbwe", "00"}},    {{"hqqqc", "00"}},
    {{"hqoqobwe", "0"}}, {{"hqobwewqoC", "0"}}, {{"bhqoqowe", "0"}},
};

static enum model_failure run(const struct program *program, struct tally *tally)
{
  tally->programs++;
  return script_explore(program, EXPLORE_REDUCED, &tally->runs, NULL);
}

static enum model_failure extend(const struct family *family, char *script, struct tally *tally)
{
  const size_t length = strlen(script);
  enum model_failure failure = MODEL_RIGHT;

  if (length > 0) {
    const struct program program = {
        {script, family->others[0], family->others[1], family->others[2]}};

    failure = run(&program, tally);
  }
  if (length == family->longest)
    return failure;
  for (const char *letter = family->letters; *letter != '\0' && failure == MODEL_RIGHT; letter++) {
    script[length] = *letter;
    script[length + 1] = '\0';
    if (script_is_applicable(script))
      failure = extend(family, script, tally);
  }
  script[length] = '\0';
  return failure;
}

enum model_failure programs_run_family(const struct family *family, struct tally *tally)
{
  char script[LONGEST + 1] = "";

  if (family->longest > LONGEST)
    return MODEL_BROKEN;
  return extend(family, script, tally);
}

static enum model_failure run_each(const struct program *program, size_t count, struct tally *tally)
{
  enum model_failure failure = MODEL_RIGHT;

  for (size_t i = 0; i < count && failure == MODEL_RIGHT; i++)
    failure = run(&program[i], tally);
  return failure;
}

enum model_failure programs_run_crowded(unsigned places, struct tally *tally)
{
  history_set_places(places);
  return run_each(crowded, sizeof crowded / sizeof crowded[0], tally);
}

enum model_failure programs_run_suite(struct tally *tally)
{
  enum model_failure failure = run_each(chosen, sizeof chosen / sizeof chosen[0], tally);

  for (size_t i = 0; i < sizeof families / sizeof families[0] && failure == MODEL_RIGHT; i++)
    failure = programs_run_family(&families[i], tally);
  return failure;
}

void programs_print(const char *what, const struct tally *tally)
{
  printf("%s: %u programs, %lu schedules run to the end, up to %u steps long; "
         "%lu more cut short as equivalent to one of these\n",
         what, tally->programs, tally->runs.schedules, tally->runs.deepest, tally->runs.cut_short);
}
