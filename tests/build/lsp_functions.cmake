# The package's functions build an LSP in C and one in C++ that export WSPStartup by its plain
# name and need no DLL of the compiler's, with gcc, and with clang and LLVM's linker; their
# tests, in C and in C++, run. Wrong calls are refused with what is wrong.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
set(base ${SCRATCH}/lsp_functions)
file(REMOVE_RECURSE ${base})

function(build_and_test name)
  must_succeed(${CMAKE_COMMAND} -G Ninja -S ${CMAKE_CURRENT_LIST_DIR}/lsp_project -B ${base}/${name}
    -DWS2SPI_TRIPLE=${TRIPLE} -DCMAKE_PREFIX_PATH=${INSTALLED} -DWS2SPI_FROM=package ${ARGN})
  must_succeed(${CMAKE_COMMAND} --build ${base}/${name})
  lsp_tests_must_pass(${base}/${name})
  foreach(layer IN ITEMS layer_c layer_cpp)
    must_be_a_portable_lsp(${base}/${name}/${layer}.dll)
  endforeach()
endfunction()

build_and_test(gcc -DCMAKE_TOOLCHAIN_FILE=${root}/toolchain-mingw.cmake)

# The C++ library and the start-up code that registers its unwind data are gcc's. The cross
# gcc itself falls back on GNU's linker, silently, when it is told to use LLVM's.
must_succeed(${COMPILER} -print-libgcc-file-name)
get_filename_component(gcc ${output} DIRECTORY)
set(linker_flags "-fuse-ld=lld -B${gcc} -L${gcc}")
build_and_test(clang -DCMAKE_TOOLCHAIN_FILE=${CMAKE_CURRENT_LIST_DIR}/consumer/clang.cmake
  "-DCMAKE_CXX_FLAGS=-isystem ${gcc}/include/c++ -isystem ${gcc}/include/c++/${TRIPLE}"
  "-DCMAKE_SHARED_LINKER_FLAGS=${linker_flags}" "-DCMAKE_EXE_LINKER_FLAGS=${linker_flags}")

function(must_be_refused mistake message)
  must_fail(${CMAKE_COMMAND} -G Ninja -S ${CMAKE_CURRENT_LIST_DIR}/lsp_bad_input -B ${base}/bad_input
    -DCMAKE_TOOLCHAIN_FILE=${root}/toolchain-mingw.cmake -DWS2SPI_TRIPLE=${TRIPLE}
    -DCMAKE_PREFIX_PATH=${INSTALLED} "-DMISTAKE=${mistake}")
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  string(FIND "${output}" "${message}" found)
  if(found EQUAL -1)
    message(FATAL_ERROR "\"${mistake}\" should be refused with \"${message}\":\n${output}")
  endif()
endfunction()

must_be_refused("no sources" "ws2spi_add_lsp(layer): there are no sources")
must_be_refused("C++ is not enabled" "layer.cpp is C++; add CXX to the LANGUAGES of project()")
must_be_refused("two lists of exports" "give EXPORTS or a .def file, not both")
must_be_refused("no such LSP" "\"layer\", which LSP names, is no target")
must_be_refused("unknown argument" "ws2spi_add_lsp_test(test): unknown arguments test.c")
must_be_refused("testing is not enabled" "call enable_testing() first")
