# The public header brings what it needs and compiles without a warning as C and
# as C++, however the program has included the system's headers before it; and a
# C++ program links with it.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(header ${SCRATCH}/public_header)
file(MAKE_DIRECTORY ${header})
set(preludes
  ""
  "#define WIN32_LEAN_AND_MEAN\n#include <windows.h>\n"
  "#define WIN32_LEAN_AND_MEAN\n#include <winsock2.h>\n#include <windows.h>\n"
  "#define WIN32_LEAN_AND_MEAN\n#define UNICODE\n#define _UNICODE\n#define _WIN32_WINNT 0x0601\n"
  "#define WIN32_LEAN_AND_MEAN\n#define _WIN32_WINNT 0x0501\n")
set(warnings -Wall -Wextra -Wpedantic -Werror)
foreach(prelude IN LISTS preludes)
  set(text "${prelude}#include <ws2spi_shim.h>\n#include <ws2spi_shim.h>\n")
  string(APPEND text "int main(void) { return Ws2SpiStopProvider(0, 0); }\n")
  file(WRITE ${header}/prelude.c "${text}")
  file(WRITE ${header}/prelude.cpp "${text}")
  must_succeed(${COMPILER} -std=c11 ${warnings} -I${INSTALLED}/include -fsyntax-only ${header}/prelude.c)
  must_succeed(${CXX_COMPILER} -std=c++11 ${warnings} -I${INSTALLED}/include -fsyntax-only
    ${header}/prelude.cpp)
endforeach()
must_succeed(${CXX_COMPILER} -std=c++11 -I${INSTALLED}/include ${header}/prelude.cpp
  -L${INSTALLED}/lib -lws2spi -lws2_32 -o ${header}/prelude.exe)
