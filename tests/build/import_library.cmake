# Each import library has every public export by the name that a compiler uses (on i686 _Name@N), and
# no WSPStartup: an LSP that forgets its own must not link, instead of becoming a base provider.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

read_public_exports(names symbols)
foreach(library IN ITEMS libws2spi.dll.a libws2spi.a ws2spi.lib)
  must_succeed(${NM} --defined-only ${BUILD}/lib/${library})
  string(REGEX MATCHALL " T [^\n]+" defined "${output}")
  list(TRANSFORM defined REPLACE "^ T " "")
  list(REMOVE_ITEM defined .text)
  must_be_same_list("what ${library} defines" "${defined}" "${symbols}")
  if(output MATCHES "WSPStartup")
    message(FATAL_ERROR "${library} offers WSPStartup")
  endif()
endforeach()
