# The ten-line consumer as a CMake project that finds the installed package: as C and as
# C++, with gcc and with clang; and the versions and word sizes that must not be found.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
set(base ${SCRATCH}/consumer_find_package)
file(REMOVE_RECURSE ${base})

# The project, with its own copy of the toolchain file, as a user would have it.
file(COPY ${CMAKE_CURRENT_LIST_DIR}/consumer/ ${root}/toolchain-mingw.cmake DESTINATION ${base}/project)

function(configure_command name toolchain triple command_out)
  set(${command_out} ${CMAKE_COMMAND} -G Ninja -S ${base}/project -B ${base}/${name}
    -DCMAKE_TOOLCHAIN_FILE=${base}/project/${toolchain} -DWS2SPI_TRIPLE=${triple}
    -DCMAKE_PREFIX_PATH=${INSTALLED} -DCMAKE_EXE_LINKER_FLAGS=-static PARENT_SCOPE)
endfunction()

function(build_and_run name toolchain)
  configure_command(${name} ${toolchain} ${TRIPLE} configure)
  must_succeed(${configure} ${ARGN})
  must_succeed(${CMAKE_COMMAND} --build ${base}/${name})
  consumer_must_run_with_our_names(${base}/${name}/consumer_c.exe)
  consumer_must_run_with_our_names(${base}/${name}/consumer_cpp.exe)
endfunction()

clang_command(C clang)
list(FILTER clang INCLUDE REGEX "^-L")
build_and_run(gcc toolchain-mingw.cmake)
build_and_run(clang clang.cmake "-DCMAKE_EXE_LINKER_FLAGS=-static ${clang}")

# A version that is too new, and the other word size.
file(READ ${base}/project/CMakeLists.txt project)
string(REPLACE "find_package(ws2spi 0.2 " "find_package(ws2spi 0.3 " newer "${project}")
if(newer STREQUAL project)
  message(FATAL_ERROR "the consumer asks for another version than this test expects")
endif()
file(WRITE ${base}/project/CMakeLists.txt "${newer}")
configure_command(newer toolchain-mingw.cmake ${TRIPLE} configure)
must_fail(${configure})
string(REGEX REPLACE "[ \n]+" " " output "${output}")
if(NOT output MATCHES "compatible with requested version \"0.3\"")
  message(FATAL_ERROR "version 0.3 was refused for another reason:\n${output}")
endif()
file(WRITE ${base}/project/CMakeLists.txt "${project}")
if(PROCESSOR STREQUAL "i686")
  configure_command(other toolchain-mingw.cmake x86_64-w64-mingw32 configure)
  set(size 32bit)
else()
  configure_command(other toolchain-mingw.cmake i686-w64-mingw32 configure)
  set(size 64bit)
endif()
must_fail(${configure})
string(FIND "${output}" "(${size})" found)
if(found EQUAL -1)
  message(FATAL_ERROR "the other word size was refused for another reason:\n${output}")
endif()
