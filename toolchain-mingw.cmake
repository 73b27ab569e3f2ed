# Cross-compiles for Windows with MinGW-w64. One file serves both word sizes:
#   -DWS2SPI_TRIPLE=x86_64-w64-mingw32   (the default)
#   -DWS2SPI_TRIPLE=i686-w64-mingw32
set(WS2SPI_TRIPLE x86_64-w64-mingw32 CACHE STRING "GNU triple of the MinGW-w64 compiler")
# try_compile() starts a configuration of its own, which must see the same triple.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES WS2SPI_TRIPLE)

set(CMAKE_SYSTEM_NAME Windows)
if(WS2SPI_TRIPLE MATCHES "^x86_64-")
  set(CMAKE_SYSTEM_PROCESSOR x86_64)
elseif(WS2SPI_TRIPLE MATCHES "^i686-")
  set(CMAKE_SYSTEM_PROCESSOR i686)
else()
  message(FATAL_ERROR "WS2SPI_TRIPLE must name an x86_64 or i686 MinGW-w64 target, not '${WS2SPI_TRIPLE}'")
endif()

set(CMAKE_C_COMPILER ${WS2SPI_TRIPLE}-gcc)
set(CMAKE_CXX_COMPILER ${WS2SPI_TRIPLE}-g++)
set(CMAKE_RC_COMPILER ${WS2SPI_TRIPLE}-windres)
set(CMAKE_DLLTOOL ${WS2SPI_TRIPLE}-dlltool)

set(CMAKE_FIND_ROOT_PATH /usr/${WS2SPI_TRIPLE})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE BOTH)

find_program(WS2SPI_WINE NAMES wine wine64)
if(WS2SPI_WINE)
  set(CMAKE_CROSSCOMPILING_EMULATOR ${WS2SPI_WINE})
endif()
