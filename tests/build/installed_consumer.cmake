# Builds a program against the installed tree as a user does: -lws2spi before -lws2_32. Both libraries
# define some of the names, and the linker silently skips an undecorated i686 library in favour of
# ws2_32, so the test reads the import table.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

read_public_exports(names symbols)
list(TRANSFORM names PREPEND "  USE(" OUTPUT_VARIABLE uses)
list(TRANSFORM uses APPEND ")\n")
list(JOIN uses "" uses)
set(consumer ${SCRATCH}/installed_consumer)
file(MAKE_DIRECTORY ${consumer})
file(WRITE ${consumer}/public_names.inc "${uses}")
must_succeed(${COMPILER} -std=c11 -Wall -Wextra -Werror ${CMAKE_CURRENT_LIST_DIR}/exports_link.c
  -I${consumer} -I${INSTALLED}/include -L${INSTALLED}/lib -lws2spi -lws2_32 -o ${consumer}/exports_link.exe)

read_imports(${consumer}/exports_link.exe imports)
set(from_shim ${imports})
list(FILTER from_shim INCLUDE REGEX "^ws2spi\\.dll!")
list(TRANSFORM from_shim REPLACE "^ws2spi\\.dll!" "")
must_be_same_list("what the program imports from ws2spi.dll" "${from_shim}" "${names}")
# The control: a name that only the system has comes from ws2_32.
set(from_system ${imports})
list(FILTER from_system INCLUDE REGEX "^ws2_32\\.dll!")
must_be_same_list("what the program imports from ws2_32.dll" "${from_system}" "ws2_32.dll!WSAGetLastError")
