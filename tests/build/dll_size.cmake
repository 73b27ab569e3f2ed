# The DLL without its symbols, as a release has it, is at most 225,000 bytes. A failure names
# the largest sections: a table of zeroes belongs in .bss, which takes no room in the file.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(limit 225000)
set(stripped ${SCRATCH}/dll_size.dll)
must_succeed(${STRIP} -o ${stripped} ${BUILD}/bin/ws2spi.dll)
file(SIZE ${stripped} size)
must_succeed(${OBJDUMP} -h ${stripped})
if(size GREATER limit)
  message(FATAL_ERROR "ws2spi.dll has ${size} bytes, ${limit} are allowed:\n${output}")
endif()
# An image that lacks its code would be small as well.
if(NOT output MATCHES " \\.text " OR size LESS 100000)
  message(FATAL_ERROR "${size} bytes cannot be the whole DLL:\n${output}")
endif()
message(STATUS "ws2spi.dll: ${size} of ${limit} bytes")
