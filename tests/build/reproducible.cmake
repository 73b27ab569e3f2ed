# Builds of the same source in two folders have the same bytes.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
set(work ${SCRATCH}/reproducible)
set(ENV{CCACHE_DISABLE} 1)

set(folders ${work}/here "${work}/somewhere else/and deeper")
file(REMOVE_RECURSE ${work})
foreach(folder IN LISTS folders)
  file(COPY ${root}/CMakeLists.txt ${root}/toolchain-mingw.cmake ${root}/src ${root}/include
    DESTINATION ${folder})
  must_succeed(${CMAKE_COMMAND} -S ${folder} -B ${folder}/build -G Ninja
    -DCMAKE_TOOLCHAIN_FILE=${folder}/toolchain-mingw.cmake -DWS2SPI_TRIPLE=${TRIPLE}
    -DWS2SPI_BUILD_TESTS=OFF -DWS2SPI_BUILD_EXAMPLES=OFF)
  must_succeed(${CMAKE_COMMAND} --build ${folder}/build)
endforeach()

list(GET folders 0 first)
list(GET folders 1 second)
foreach(file IN ITEMS bin/ws2spi.dll bin/ws2spi.exe lib/libws2spi.dll.a lib/ws2spi.lib)
  file(SHA256 ${first}/build/${file} first_hash)
  file(SHA256 ${second}/build/${file} second_hash)
  if(NOT first_hash STREQUAL second_hash)
    message(FATAL_ERROR "${file} differs between ${first} and ${second}")
  endif()
  message(STATUS "${file} ${first_hash}")
endforeach()
file(REMOVE_RECURSE ${work})
