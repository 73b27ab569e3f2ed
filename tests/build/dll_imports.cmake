# The DLL imports nothing that a fresh Windows lacks, no compiler's runtime, and not ws2_32: it loads
# the system's by full path, so that a ws2_32.dll beside the program cannot take its place. The tool
# imports these DLLs, shell32 and ws2spi.dll only.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

function(must_import_only image)
  read_imports(${BUILD}/bin/${image} imports)
  if(NOT imports MATCHES "kernel32.dll!")
    message(FATAL_ERROR "no import table was read from ${image}")
  endif()
  foreach(import IN LISTS imports)
    string(REGEX REPLACE "\\.(dll|exe)!.*" "" dll ${import})
    if(NOT dll IN_LIST ARGN)
      message(FATAL_ERROR "${image} imports ${import}")
    endif()
  endforeach()
endfunction()

must_import_only(ws2spi.dll advapi32 kernel32 msvcrt ntdll rpcrt4 user32)
must_import_only(ws2spi.exe kernel32 msvcrt rpcrt4 shell32 ws2spi)
