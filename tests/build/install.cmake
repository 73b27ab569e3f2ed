# Installing puts the DLL, its import library and the headers, and nothing else.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

file(REMOVE_RECURSE ${INSTALLED})
must_succeed(${CMAKE_COMMAND} --install ${BUILD} --prefix ${INSTALLED})
file(GLOB_RECURSE files RELATIVE ${INSTALLED} ${INSTALLED}/*)
must_be_same_list("the installed tree" "${files}"
  "bin/ws2spi.dll;lib/libws2spi.dll.a;include/ws2spi_shim.h;include/ws2spi_lsp.h")
