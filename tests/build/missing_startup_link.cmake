# A provider that exports WSPStartup and does not define it must not link, whichever
# import library and linker it uses; one that defines it must.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(provider ${SCRATCH}/missing_startup_link)
file(MAKE_DIRECTORY ${provider})
set(source ${CMAKE_CURRENT_LIST_DIR}/missing_startup_link.c)

function(only_its_own_startup_links)
  must_succeed(${ARGN} -DDEFINES_STARTUP)
  must_fail(${ARGN})
  if(NOT output MATCHES "WSPStartup")
    message(FATAL_ERROR "the link failed for another reason:\n${output}")
  endif()
endfunction()

# By this name, and on i686 by no plainer one, the linker also looks into libraries.
if(PROCESSOR STREQUAL "i686")
  set(startup WSPStartup@76)
else()
  set(startup WSPStartup)
endif()
file(WRITE ${provider}/provider.def "LIBRARY provider.dll\nEXPORTS\n  ${startup}\n")
set(build -std=c11 -shared ${source} ${provider}/provider.def -I${INSTALLED}/include -Wl,--kill-at
  -o ${provider}/provider.dll)
clang_command(C clang)
foreach(library IN ITEMS libws2spi.dll.a ws2spi.lib)
  only_its_own_startup_links(${COMPILER} ${build} ${INSTALLED}/lib/${library} -lws2_32)
  only_its_own_startup_links(${clang} -fuse-ld=lld ${build} ${INSTALLED}/lib/${library} -lws2_32)
endforeach()
