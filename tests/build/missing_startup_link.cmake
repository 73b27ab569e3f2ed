# A provider that exports WSPStartup without defining it must not link, with any import library and
# linker; one that defines it must link.
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

# Only for this name, which is decorated on i686, does the linker also search the libraries.
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
