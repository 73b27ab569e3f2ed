/* In place of the DLL's own: the model has no log. */
#ifndef WS2SPI_PLATFORM_LOG_H
#define WS2SPI_PLATFORM_LOG_H

#define log_event(...) ((void)0)

#endif
