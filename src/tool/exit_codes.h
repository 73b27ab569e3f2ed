/* The exit codes of ws2spi.exe: one table for all its commands. --help prints these lines and
 * README.md shows them; the test tool_readme compares the three.
 *
 * Only lost standard output counts as output that could not be written: whatever is printed to
 * standard error goes with an exit code that says the same. */
#ifndef WS2SPI_TOOL_EXIT_CODES_H
#define WS2SPI_TOOL_EXIT_CODES_H

#define EXIT_CODES(CODE)                                                                           \
  CODE(EXIT_DONE, 0, "success")                                                                    \
  CODE(EXIT_NEGATIVE, 1, "a finding, a broken rule, or a negative answer")                         \
  CODE(EXIT_USAGE, 2, "wrong command line")                                                        \
  CODE(EXIT_REFUSED, 3, "refused; nothing was changed")                                            \
  CODE(EXIT_FAILED, 4, "the system failed, or output could not be written")                        \
  CODE(EXIT_WARNINGS, 5, "only warnings were found, and --strict was given")

#define EXIT_CODE_ENUMERATOR(name, number, meaning) name = (number),
enum exit_code { EXIT_CODES(EXIT_CODE_ENUMERATOR) };

#endif
