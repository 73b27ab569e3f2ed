# The import library offers every public export by the name a compiler refers to
# it by (on i686 _Name@N), and no WSPStartup: an LSP that forgets its own must
# fail to link instead of becoming a base provider.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

read_public_exports(names symbols)
must_succeed(${NM} --defined-only ${BUILD}/lib/libws2spi.dll.a)
string(REGEX MATCHALL " T [^\n]+" defined "${output}")
list(TRANSFORM defined REPLACE "^ T " "")
must_be_same_list("what libws2spi.dll.a defines" "${defined}" "${symbols}")
if(output MATCHES "WSPStartup")
  message(FATAL_ERROR "libws2spi.dll.a offers WSPStartup")
endif()
