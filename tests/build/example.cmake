# The examples print what example.txt says, after a first line with its word size,
# and say by their exit codes that all went as it should.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

file(READ ${CMAKE_CURRENT_LIST_DIR}/example.txt expected)
if(PROCESSOR STREQUAL "i686")
  string(PREPEND expected "32-bit program\n")
else()
  string(PREPEND expected "64-bit program\n")
endif()
set(printed)
foreach(program IN ITEMS blocking_recv overlapped_recv)
  must_succeed(${EMULATOR} ${BUILD}/bin/${program}.exe)
  string(APPEND printed "${output}")
endforeach()
string(REPLACE "\r" "" output "${printed}")
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "the example printed\n${output}\ninstead of\n${expected}")
endif()
