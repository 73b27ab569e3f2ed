#include "options.h"

#include <stdio.h>
#include <wchar.h>

static bool options_is(const WCHAR *word, const WCHAR *option)
{
  return wcscmp(word, option) == 0;
}

bool options_parse(struct options *options, int argc, WCHAR **argv)
{
  *options = (struct options){.argc = argc, .argv = argv};
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc || (!options_is(argv[i], L"--filter") && !options_is(argv[i], L"--except") &&
                          !options_is(argv[i], L"--results"))) {
      fprintf(stderr, "usage: runner [--filter GLOB]... [--except GLOB]... [--results FOLDER]\n");
      return false;
    }
    if (options_is(argv[i], L"--results"))
      options->results = argv[i + 1];
  }
  return true;
}

/* A star matches any text, a question mark any character. */
static bool options_matches(const char *name, const WCHAR *glob)
{
  if (*glob == L'*')
    return options_matches(name, glob + 1) || (*name != 0 && options_matches(name + 1, glob));
  if (*glob == 0 || *name == 0)
    return *glob == 0 && *name == 0;
  return (*glob == L'?' || *glob == (WCHAR)*name) && options_matches(name + 1, glob + 1);
}

/* Whether a glob of the option matches the name. `given` gets whether the option is present at all. */
static bool options_any(const struct options *options, const WCHAR *option, const char *name,
                        bool *given)
{
  bool matches = false;

  *given = false;
  for (int i = 1; i + 1 < options->argc; i += 2) {
    if (options_is(options->argv[i], option)) {
      *given = true;
      matches = matches || options_matches(name, options->argv[i + 1]);
    }
  }
  return matches;
}

bool options_choose(const struct options *options, const char *name)
{
  bool filters, exceptions;
  const bool wanted = options_any(options, L"--filter", name, &filters);

  return (wanted || !filters) && !options_any(options, L"--except", name, &exceptions);
}
