/* The errors of hook, cancel and query functions in words, for the log. */
#ifndef WS2SPI_BLOCKING_HOOK_ERROR_TEXT_H
#define WS2SPI_BLOCKING_HOOK_ERROR_TEXT_H

const char *hook_error_text(int error);

#endif
