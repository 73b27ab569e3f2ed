# The PKGBUILD is sound bash, and its functions build and package the tree. The test
# sets the variables of makepkg, and cmake cross-compiles, unlike that of MSYS2.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
set(recipe ${root}/examples/packaging/msys2)
set(work ${SCRATCH}/recipe_msys2)
file(REMOVE_RECURSE ${work})
file(MAKE_DIRECTORY ${work}/src ${work}/pkg)

must_succeed(bash -n ${recipe}/PKGBUILD)
file(WRITE ${work}/makepkg.sh "
set -eu
MINGW_PREFIX=/mingw MINGW_PACKAGE_PREFIX=mingw-w64-test MSYSTEM=TEST
startdir=${recipe} srcdir=${work}/src pkgdir=${work}/pkg
cmake() {
  if [ \"$1\" = -S ]; then
    command cmake \"$@\" -DCMAKE_TOOLCHAIN_FILE=${root}/toolchain-mingw.cmake -DWS2SPI_TRIPLE=${TRIPLE}
  else
    command cmake \"$@\"
  fi
}
. ${recipe}/PKGBUILD
build
package
echo \"version $pkgver of $pkgname\"
")
must_succeed(bash ${work}/makepkg.sh)
string(REPLACE "-" "" pacman_version ${VERSION})
if(NOT output MATCHES "version ${pacman_version} of mingw-w64-test-ws2spi\n$")
  message(FATAL_ERROR "the package is not version ${pacman_version}:\n${output}")
endif()
installed_files(files)
file(GLOB_RECURSE installed RELATIVE ${work}/pkg/mingw ${work}/pkg/mingw/*)
must_be_same_list("the package" "${installed}" "${files};share/licenses/ws2spi/LICENSE")
