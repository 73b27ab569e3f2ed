/* Why a hook, a cancel or a query was refused, in words, for the log. */
#ifndef WS2SPI_BLOCKING_HOOK_ERROR_TEXT_H
#define WS2SPI_BLOCKING_HOOK_ERROR_TEXT_H

const char *refusal_reason(int error);

#endif
