# Installing puts the DLL, the tool, the import library and the header, and nothing else.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

file(REMOVE_RECURSE ${INSTALLED})
must_succeed(${CMAKE_COMMAND} --install ${BUILD} --prefix ${INSTALLED})
file(GLOB_RECURSE files RELATIVE ${INSTALLED} ${INSTALLED}/*)
must_be_same_list("the installed tree" "${files}"
  "bin/ws2spi.dll;bin/ws2spi.exe;lib/libws2spi.dll.a;include/ws2spi_shim.h")
