# ws2spi as a part of another project, by add_subdirectory and by FetchContent, without
# cmocka: ws2spi::ws2spi and the functions are there, its tests, examples, build type and
# -Werror are not, and the project's own settings do not change ws2spi.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(base ${SCRATCH}/subproject)
file(REMOVE_RECURSE ${base})
copy_of_the_tree(${base}/ws2spi)

function(build_and_test from)
  must_succeed(${CMAKE_COMMAND} -G Ninja -S ${CMAKE_CURRENT_LIST_DIR}/lsp_project -B ${base}/build
    -DCMAKE_TOOLCHAIN_FILE=${base}/ws2spi/toolchain-mingw.cmake -DWS2SPI_TRIPLE=${TRIPLE}
    -DWS2SPI_FROM=${from} -DWS2SPI_SOURCES=${base}/ws2spi
    -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DCMAKE_DEBUG_POSTFIX=d -DCMAKE_UNITY_BUILD=ON)
  must_succeed(${CMAKE_COMMAND} --build ${base}/build)
  lsp_tests_must_pass(${base}/build)

  file(STRINGS ${base}/build/CMakeCache.txt build_type REGEX "^CMAKE_BUILD_TYPE:")
  if(NOT build_type MATCHES "=$")
    message(FATAL_ERROR "${from}: the project's cache says ${build_type}")
  endif()
  file(READ ${base}/build/compile_commands.json commands)
  if(NOT commands MATCHES "ws2spi/src/dll_main.c")
    message(FATAL_ERROR "${from}: there is no command that compiles ws2spi")
  endif()
  foreach(unwanted IN ITEMS -Werror cmocka ws2spi/tests ws2spi/examples)
    string(FIND "${commands}" ${unwanted} found)
    if(NOT found EQUAL -1)
      message(FATAL_ERROR "${from}: a command has ${unwanted}")
    endif()
  endforeach()
  must_succeed(${CMAKE_COMMAND} --install ${base}/build --prefix ${base}/installed)
  if(EXISTS ${base}/installed)
    message(FATAL_ERROR "${from}: ws2spi is installed with the project that did not ask for it")
  endif()
endfunction()

build_and_test(subdirectory)
build_and_test(FetchContent)
