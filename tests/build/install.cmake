# The installed tree has the DLL, the tool, the libraries, the headers, the package files and the
# documents, and nothing else. No file in it names a path of the build, so that it can be moved.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

# The tests that use the installed tree find it moved.
set(first_place ${INSTALLED}-first)
file(REMOVE_RECURSE ${INSTALLED} ${first_place})
must_succeed(${CMAKE_COMMAND} --install ${BUILD} --prefix ${first_place})
file(RENAME ${first_place} ${INSTALLED})
file(GLOB_RECURSE files RELATIVE ${INSTALLED} ${INSTALLED}/*)
installed_files(expected)
must_be_same_list("the installed tree" "${files}" "${expected}")

file(GLOB_RECURSE texts ${INSTALLED}/include/* ${INSTALLED}/lib/pkgconfig/* ${INSTALLED}/lib/cmake/*)
get_filename_component(source ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
foreach(text IN LISTS texts)
  file(READ ${text} content)
  foreach(place IN ITEMS ${source} ${BUILD} ${first_place})
    string(FIND "${content}" ${place} found)
    if(NOT found EQUAL -1)
      message(FATAL_ERROR "${text} names ${place}")
    endif()
  endforeach()
endforeach()
