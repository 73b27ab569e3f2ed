# The overlay port: its manifest is JSON that agrees with the project, and its portfile,
# over stand-ins for vcpkg's own functions, builds and packages the tree.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
set(port ${root}/examples/packaging/vcpkg/ws2spi)
set(work ${SCRATCH}/recipe_vcpkg)
file(REMOVE_RECURSE ${work})

file(READ ${port}/vcpkg.json manifest)
string(JSON name GET "${manifest}" name)
string(JSON version GET "${manifest}" version-semver)
if(NOT name STREQUAL "ws2spi" OR NOT version STREQUAL VERSION)
  message(FATAL_ERROR "vcpkg.json names ${name} ${version} instead of ws2spi ${VERSION}")
endif()

set(PORT ws2spi)
set(CURRENT_PACKAGES_DIR ${work}/packages)

function(vcpkg_check_linkage)
endfunction()
function(vcpkg_cmake_configure)
  cmake_parse_arguments(ARG "" "SOURCE_PATH" "OPTIONS" ${ARGN})
  must_succeed(${CMAKE_COMMAND} -S ${ARG_SOURCE_PATH} -B ${work}/build -G Ninja ${ARG_OPTIONS}
    -DCMAKE_TOOLCHAIN_FILE=${root}/toolchain-mingw.cmake -DWS2SPI_TRIPLE=${TRIPLE})
endfunction()
function(vcpkg_cmake_install)
  must_succeed(${CMAKE_COMMAND} --build ${work}/build)
  must_succeed(${CMAKE_COMMAND} --install ${work}/build --prefix ${CURRENT_PACKAGES_DIR})
endfunction()
function(vcpkg_cmake_config_fixup)
  cmake_parse_arguments(ARG "" "CONFIG_PATH" "" ${ARGN})
  file(MAKE_DIRECTORY ${CURRENT_PACKAGES_DIR}/share)
  file(RENAME ${CURRENT_PACKAGES_DIR}/${ARG_CONFIG_PATH} ${CURRENT_PACKAGES_DIR}/share/${PORT})
endfunction()
function(vcpkg_fixup_pkgconfig)
endfunction()
function(vcpkg_install_copyright)
  cmake_parse_arguments(ARG "" "" "FILE_LIST" ${ARGN})
  file(COPY_FILE ${ARG_FILE_LIST} ${CURRENT_PACKAGES_DIR}/share/${PORT}/copyright)
endfunction()

include(${port}/portfile.cmake)

installed_files(files)
list(TRANSFORM files REPLACE "^lib/cmake" "share")
file(GLOB_RECURSE installed RELATIVE ${CURRENT_PACKAGES_DIR} ${CURRENT_PACKAGES_DIR}/*)
must_be_same_list("the package" "${installed}" "${files};share/ws2spi/usage;share/ws2spi/copyright")
