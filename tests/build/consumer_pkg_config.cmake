# The ten-line consumer, built with what pkg-config says of the installed tree and nothing
# else: as C and as C++, with gcc, and with clang and either linker.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(ENV{PKG_CONFIG_PATH} ${INSTALLED}/lib/pkgconfig)
must_succeed(${TRIPLE}-pkg-config --modversion ws2spi)
string(STRIP "${output}" version)
if(NOT version STREQUAL VERSION)
  message(FATAL_ERROR "ws2spi.pc says version ${version} instead of ${VERSION}")
endif()
must_succeed(${TRIPLE}-pkg-config --cflags --libs ws2spi)
separate_arguments(flags UNIX_COMMAND "${output}")

set(programs ${SCRATCH}/consumer_pkg_config)
file(REMOVE_RECURSE ${programs})
file(MAKE_DIRECTORY ${programs})
must_succeed(${TRIPLE}-pkg-config --variable=bindir ws2spi)
string(STRIP "${output}" bindir)
file(COPY ${bindir}/ws2spi.dll DESTINATION ${programs})
set(source ${CMAKE_CURRENT_LIST_DIR}/consumer/consumer.c)
set(warnings -Wall -Wextra -Wpedantic -Werror)

# -static: on i686 a C++ program would otherwise need gcc's own DLL.
function(build_and_run name language standard)
  set(program ${programs}/${name}.exe)
  must_succeed(${ARGN} -x ${language} -std=${standard} ${warnings} ${source} -x none -static ${flags} -o ${program})
  consumer_must_run_with_our_names(${program})
endfunction()

clang_command(C clang)
clang_command(C++ clangxx)
build_and_run(gcc_c c c11 ${COMPILER})
build_and_run(gcc_cpp c++ c++17 ${CXX_COMPILER})
build_and_run(clang_c c c11 ${clang})
build_and_run(clang_cpp c++ c++17 ${clangxx})
# With -static LLVM's linker looks for libws2spi.a only.
build_and_run(lld_c c c11 ${clang} -fuse-ld=lld)
build_and_run(lld_cpp c++ c++17 ${clangxx} -fuse-ld=lld)
