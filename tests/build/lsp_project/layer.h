#include <ws2spi_shim.h>

#ifdef __cplusplus
extern "C" {
#endif

int WSPAPI LayerStarts(int added);
BOOL layer_may_start(void);

#ifdef __cplusplus
}
#endif
