# The DLL needs nothing that a fresh Windows lacks, no compiler's runtime, and not
# ws2_32: it reaches the system's by full path, so that a ws2_32.dll standing
# beside a program cannot answer its calls.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(system_dlls advapi32 kernel32 msvcrt ntdll rpcrt4 user32)
read_imports(${BUILD}/bin/ws2spi.dll imports)
if(NOT imports MATCHES "kernel32.dll!")
  message(FATAL_ERROR "no import table was read from ws2spi.dll")
endif()
foreach(import IN LISTS imports)
  string(REGEX REPLACE "\\.dll!.*" "" dll ${import})
  if(NOT dll IN_LIST system_dlls)
    message(FATAL_ERROR "ws2spi.dll imports ${import}")
  endif()
endforeach()
