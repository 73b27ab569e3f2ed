# Each public header includes all that it needs and compiles without a warning, as C11 and C++17, with
# gcc and clang, with the system's headers before or after it, and for every Windows version. All that
# the SDK's headers lack or hide is declared. A C++ program links with it.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(header ${SCRATCH}/public_header)
file(MAKE_DIRECTORY ${header})
set(preludes
  ""
  "#include <winsock2.h>\n"
  "#include <ws2spi_lsp.h>\n"
  "#include <ws2spi_sdk_gaps.h>\n"
  "#define WIN32_LEAN_AND_MEAN\n#include <windows.h>\n"
  "#define WIN32_LEAN_AND_MEAN\n#include <winsock2.h>\n#include <windows.h>\n#include <mswsock.h>\n"
  "#define WIN32_LEAN_AND_MEAN\n#define UNICODE\n#define _UNICODE\n#define _WIN32_WINNT 0x0601\n"
  "#define WIN32_LEAN_AND_MEAN\n#define _WIN32_WINNT 0x0501\n#include <ws2tcpip.h>\n"
  "#define _WIN32_WINNT 0x0501\n")
file(READ ${CMAKE_CURRENT_LIST_DIR}/sdk_gaps_compile.c sdk_gaps_compile)
set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
clang_command(C clang)
clang_command(C++ clangxx)
set(number 0)
foreach(prelude IN LISTS preludes)
  math(EXPR number "${number} + 1")
  set(text "${prelude}#include <ws2spi_shim.h>\n#include <ws2spi_lsp.h>\n#include <ws2spi_shim.h>\n")
  string(APPEND text "#include <winsock2.h>\n#include <windows.h>\n#include <mswsock.h>\n${sdk_gaps_compile}")
  string(APPEND text "int main(void) { return Ws2SpiStopProvider(0, 0); }\n")
  set(program ${header}/program${number})
  file(WRITE ${program}.c "${text}")
  file(WRITE ${program}.cpp "${text}")
  set(flags ${warnings} -I${INSTALLED}/include -fsyntax-only)
  must_succeed(${COMPILER} -std=c11 ${flags} ${program}.c)
  must_succeed(${CXX_COMPILER} -std=c++17 ${flags} ${program}.cpp)
  must_succeed(${clang} -std=c11 ${flags} ${program}.c)
  must_succeed(${clangxx} -std=c++17 ${flags} ${program}.cpp)
endforeach()

# Each header compiles alone, also as C++11.
foreach(name IN ITEMS ws2spi_shim ws2spi_lsp ws2spi_sdk_gaps)
  file(WRITE ${header}/alone.cpp "#include <${name}.h>\n#include <${name}.h>\n")
  file(WRITE ${header}/alone.c "#include <${name}.h>\nint used;\n")
  must_succeed(${CXX_COMPILER} -std=c++11 ${warnings} -I${INSTALLED}/include -fsyntax-only ${header}/alone.cpp)
  must_succeed(${COMPILER} -std=c11 ${warnings} -I${INSTALLED}/include -fsyntax-only ${header}/alone.c)
endforeach()

file(WRITE ${header}/linked.cpp "#include <ws2spi_shim.h>\nint main() { return Ws2SpiStopProvider(0, 0); }\n")
must_succeed(${CXX_COMPILER} -std=c++17 -I${INSTALLED}/include ${header}/linked.cpp
  -L${INSTALLED}/lib -lws2spi -lws2_32 -o ${header}/linked.exe)
