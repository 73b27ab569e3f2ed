# Makes a release of both word sizes:
#
#   cmake -P src/package/release.cmake
#
# puts ws2spi-<version>-x86_64.zip, ws2spi-<version>-i686.zip and SHA256SUMS into
# build/release. The same source and the same compilers give the same bytes in any folder.
cmake_minimum_required(VERSION 3.21)

get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
set(release ${root}/build/release)
# A cache may have the debug information of the same source in another folder.
set(ENV{CCACHE_DISABLE} 1)

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "release: ${what} failed")
  endif()
endfunction()

function(make_zip_of arch)
  set(build ${release}/${arch})
  run("configuring ${arch}" ${CMAKE_COMMAND} -S ${root} -B ${build} -G Ninja
    -DCMAKE_TOOLCHAIN_FILE=${root}/toolchain-mingw.cmake -DWS2SPI_TRIPLE=${arch}-w64-mingw32
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS=-g
    -DWS2SPI_BUILD_TESTS=OFF -DWS2SPI_BUILD_EXAMPLES=OFF)
  run("building ${arch}" ${CMAKE_COMMAND} --build ${build} --target ws2spi_release)
  file(GLOB zip ${build}/ws2spi-*.zip)
  file(COPY ${zip} DESTINATION ${release})
endfunction()

file(REMOVE_RECURSE ${release})
make_zip_of(x86_64)
make_zip_of(i686)

file(GLOB zips RELATIVE ${release} ${release}/ws2spi-*.zip)
list(SORT zips)
foreach(zip IN LISTS zips)
  file(SHA256 ${release}/${zip} hash)
  string(APPEND sums "${hash}  ${zip}\n")
endforeach()
file(WRITE ${release}/SHA256SUMS "${sums}")
message(STATUS "${release}:\n${sums}")
