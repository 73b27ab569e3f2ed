# A provider that exports WSPStartup and does not define it must not link against
# the import library; one that defines it must.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(provider ${SCRATCH}/forgotten_startup)
file(MAKE_DIRECTORY ${provider})
# By this name, and on i686 by no plainer one, the linker also looks into libraries.
if(PROCESSOR STREQUAL "i686")
  set(startup WSPStartup@76)
else()
  set(startup WSPStartup)
endif()
file(WRITE ${provider}/provider.def "LIBRARY provider.dll\nEXPORTS\n  ${startup}\n")
set(build ${COMPILER} -std=c11 -shared ${CMAKE_CURRENT_LIST_DIR}/forgotten_startup.c ${provider}/provider.def
  -I${INSTALLED}/include -L${INSTALLED}/lib -lws2spi -lws2_32 -Wl,--kill-at -o ${provider}/provider.dll)

must_succeed(${build} -DDEFINES_STARTUP)
must_fail(${build})
if(NOT output MATCHES "WSPStartup")
  message(FATAL_ERROR "the link failed for another reason:\n${output}")
endif()
