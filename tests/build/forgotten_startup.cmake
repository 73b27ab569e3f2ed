# A provider that exports WSPStartup and does not define it must not link against
# the import library; one that defines it must.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(provider ${SCRATCH}/forgotten_startup)
file(MAKE_DIRECTORY ${provider})
file(WRITE ${provider}/provider.def "LIBRARY provider.dll\nEXPORTS\n  WSPStartup\n")
set(build ${COMPILER} -std=c11 -shared ${CMAKE_CURRENT_LIST_DIR}/forgotten_startup.c ${provider}/provider.def
  -I${INSTALLED}/include -L${INSTALLED}/lib -lws2spi -lws2_32 -Wl,--kill-at -o ${provider}/provider.dll)

must_succeed(${build} -DDEFINES_STARTUP)
must_fail(${build})
if(NOT output MATCHES "WSPStartup")
  message(FATAL_ERROR "the link failed for another reason:\n${output}")
endif()
