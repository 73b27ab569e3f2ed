# The example prints what example.txt says, after a first line with its word size,
# and says by its exit code that all went as it should.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

file(READ ${CMAKE_CURRENT_LIST_DIR}/example.txt expected)
if(PROCESSOR STREQUAL "i686")
  string(PREPEND expected "32-bit program\n")
else()
  string(PREPEND expected "64-bit program\n")
endif()
must_succeed(${EMULATOR} ${BUILD}/bin/blocking_recv.exe)
string(REPLACE "\r" "" output "${output}")
if(NOT output STREQUAL expected)
  message(FATAL_ERROR "the example printed\n${output}\ninstead of\n${expected}")
endif()
