# Links ws2spi.lib to objects for Microsoft's ABI (clang for *-windows-msvc) with lld-link, which takes
# Microsoft's options. Microsoft's own linker and headers are not available: the program declares the
# functions that it calls and has no C runtime.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(folder ${SCRATCH}/msvc_library)
file(REMOVE_RECURSE ${folder})
file(MAKE_DIRECTORY ${folder})
file(COPY ${INSTALLED}/bin/ws2spi.dll DESTINATION ${folder})
string(REPLACE "-w64-mingw32" "-pc-windows-msvc" target ${TRIPLE})
if(PROCESSOR STREQUAL "i686")
  # MinGW-w64's import library of ws2_32 is not marked as free of exception handlers.
  set(machine /machine:x86 /safeseh:no)
  set(startup _WSPStartup@76)
else()
  set(machine /machine:x64)
  set(startup WSPStartup)
endif()
must_succeed(${COMPILER} -print-file-name=libws2_32.a)
string(STRIP "${output}" ws2_32)
set(compile clang --target=${target} -std=c11 -Wall -Wextra -Werror -c)
set(link lld-link /nologo ${machine} /nodefaultlib)

# ws2spi.lib precedes the system's library; both have WSCEnumProtocols. The program's exit code is
# computed from results of both DLLs.
must_succeed(${compile} ${CMAKE_CURRENT_LIST_DIR}/msvc_program.c -o ${folder}/program.obj)
must_succeed(${link} /subsystem:console /entry:program ${folder}/program.obj ${INSTALLED}/lib/ws2spi.lib
  ${ws2_32} /out:${folder}/program.exe)
read_imports(${folder}/program.exe imports)
must_be_same_list("what the program imports" "${imports}"
  "ws2spi.dll!WPUQueryBlockingCallback;ws2spi.dll!WSCEnumProtocols;ws2_32.dll!htons")
execute_process(COMMAND ${EMULATOR} ${folder}/program.exe RESULT_VARIABLE status)
if(NOT status EQUAL 42)
  message(FATAL_ERROR "the program ended with ${status} instead of 42")
endif()

# An LSP links with the function that it must define, and not without it.
foreach(part IN ITEMS with without)
  set(define)
  if(part STREQUAL "with")
    set(define -DDEFINES_STARTUP)
  endif()
  must_succeed(${compile} ${define} ${CMAKE_CURRENT_LIST_DIR}/msvc_provider.c -o ${folder}/${part}.obj)
endforeach()
set(link_provider ${link} /dll /noentry /export:WSPStartup=${startup} ${INSTALLED}/lib/ws2spi.lib)
must_succeed(${link_provider} ${folder}/with.obj /out:${folder}/provider.dll)
must_fail(${link_provider} ${folder}/without.obj /out:${folder}/provider.dll)
if(NOT output MATCHES "WSPStartup")
  message(FATAL_ERROR "the link failed for another reason:\n${output}")
endif()
