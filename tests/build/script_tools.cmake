# Shared by the script tests of this folder. CTest runs each as
#   cmake -DCOMPILER=... -P name.cmake
# with the variables that add_script_test in CMakeLists.txt passes.
cmake_minimum_required(VERSION 3.21)

# Runs a command that must succeed; its output is in `output`.
macro(must_succeed)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    string(JOIN " " command ${ARGN})
    message(FATAL_ERROR "failed (${status}): ${command}\n${output}")
  endif()
endmacro()

# Runs a command that must fail; its output is in `output`.
macro(must_fail)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(status EQUAL 0)
    string(JOIN " " command ${ARGN})
    message(FATAL_ERROR "should have failed: ${command}\n${output}")
  endif()
endmacro()

function(must_be_same_list what actual expected)
  list(SORT actual)
  list(SORT expected)
  if(NOT actual STREQUAL expected)
    string(REPLACE ";" "\n  " actual "${actual}")
    string(REPLACE ";" "\n  " expected "${expected}")
    message(FATAL_ERROR "${what}\n is\n  ${actual}\n and should be\n  ${expected}")
  endif()
endfunction()

# The rows of exports.list that an import library has: plain names, and the symbols by which a
# compiler refers to them.
function(read_public_exports names_out symbols_out)
  if(PROCESSOR STREQUAL "i686")
    set(size WIN32)
  else()
    set(size WIN64)
  endif()
  file(STRINGS ${EXPORT_LIST} rows REGEX "^[A-Z]")
  foreach(row IN LISTS rows)
    if(row MATCHES "^([A-Za-z0-9_]+) +([0-9]+)( +${size})?$")
      list(APPEND names ${CMAKE_MATCH_1})
      if(PROCESSOR STREQUAL "i686")
        list(APPEND symbols _${CMAKE_MATCH_1}@${CMAKE_MATCH_2})
      else()
        list(APPEND symbols ${CMAKE_MATCH_1})
      endif()
    endif()
  endforeach()
  set(${names_out} ${names} PARENT_SCOPE)
  set(${symbols_out} ${symbols} PARENT_SCOPE)
endfunction()

# The import table of an image as a list of dll!name, the dll in lower case. objdump's rows
# are "address hint name" up to binutils 2.40, and "address ordinal hint name" in 2.44, where a
# name has no ordinal.
function(read_imports image imports_out)
  must_succeed(${OBJDUMP} -p ${image})
  string(REPLACE ";" "," output "${output}")
  string(REPLACE "\n" ";" lines "${output}")
  foreach(line IN LISTS lines)
    if(line MATCHES "DLL Name: (.+)$")
      string(TOLOWER ${CMAKE_MATCH_1} dll)
    elseif(dll AND line MATCHES "^\t[0-9a-f]+[\t ]+(<none>[\t ]+)?[0-9a-f]+[\t ]+([A-Za-z_][A-Za-z0-9_@]*)")
      list(APPEND imports ${dll}!${CMAKE_MATCH_2})
    elseif(line MATCHES "^The |^There is")
      unset(dll)
    endif()
  endforeach()
  set(${imports_out} ${imports} PARENT_SCOPE)
endfunction()

# Clang's driver knows MinGW-w64's folders, but not those of libgcc and libstdc++, which gcc
# prints.
function(clang_command language command_out)
  execute_process(COMMAND ${COMPILER} -print-libgcc-file-name OUTPUT_VARIABLE libgcc
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  get_filename_component(folder ${libgcc} DIRECTORY)
  if(language STREQUAL "C++")
    set(clang clang++)
  else()
    set(clang clang)
  endif()
  set(${command_out} ${clang} --target=${TRIPLE} -L${folder} -Wno-unused-command-line-argument PARENT_SCOPE)
endfunction()

# A consumer of the package must run, and import all WPU and WSC names from ws2spi.dll, although
# ws2_32, which has some of them too, is linked for other names.
function(consumer_must_run_with_our_names program)
  must_succeed(${EMULATOR} ${program})
  if(NOT output MATCHES "^6 catalog entries, byte order 3412")
    message(FATAL_ERROR "${program} printed\n${output}")
  endif()
  read_imports(${program} imports)
  list(FILTER imports INCLUDE REGEX "^ws2")
  must_be_same_list("what ${program} imports of Winsock" "${imports}"
    "ws2spi.dll!WPUQueryBlockingCallback;ws2spi.dll!WSCEnumProtocols;ws2_32.dll!htons")
endfunction()

# The sources of this tree as a clone has them, in the new folder `to`.
function(copy_of_the_tree to)
  get_filename_component(root ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../.. ABSOLUTE)
  file(GLOB entries RELATIVE ${root} ${root}/* ${root}/.*)
  list(REMOVE_ITEM entries . .. .git build)
  foreach(entry IN LISTS entries)
    file(COPY ${root}/${entry} DESTINATION ${to})
  endforeach()
endfunction()

# The four tests of lsp_project, built in that folder, pass.
function(lsp_tests_must_pass folder)
  must_succeed(${CMAKE_CTEST_COMMAND} --test-dir ${folder} --output-on-failure)
  if(NOT output MATCHES "100% tests passed, 0 tests failed out of 4")
    message(FATAL_ERROR "not all four tests of ${folder} ran:\n${output}")
  endif()
endfunction()

# An LSP of lsp_project exports plain names and needs ws2spi.dll and DLLs of every Windows.
function(must_be_a_portable_lsp dll)
  must_succeed(llvm-readobj --coff-exports ${dll})
  string(REGEX MATCHALL "Name: [^\n]+" exports "${output}")
  list(TRANSFORM exports REPLACE "^Name: " "")
  must_be_same_list("what ${dll} exports" "${exports}" "LayerStarts;WSPStartup")
  read_imports(${dll} imports)
  if(NOT imports MATCHES "ws2spi.dll!WSCEnumProtocols")
    message(FATAL_ERROR "${dll} does not use ws2spi.dll:\n${imports}")
  endif()
  list(TRANSFORM imports REPLACE "!.*" "")
  list(REMOVE_DUPLICATES imports)
  list(REMOVE_ITEM imports ws2spi.dll kernel32.dll msvcrt.dll)
  must_be_same_list("the other DLLs that ${dll} needs" "${imports}" "")
endfunction()

# The files of an installed tree, relative to it.
function(installed_files files_out)
  set(package lib/cmake/ws2spi)
  set(documents share/doc/ws2spi)
  set(${files_out} bin/ws2spi.dll bin/ws2spi.exe
    lib/libws2spi.dll.a lib/libws2spi.a lib/ws2spi.lib lib/pkgconfig/ws2spi.pc
    include/ws2spi_shim.h include/ws2spi_lsp.h include/ws2spi_sdk_gaps.h
    ${package}/ws2spi-config.cmake ${package}/ws2spi-config-version.cmake ${package}/ws2spi_lsp.cmake
    ${documents}/README.md ${documents}/CHANGELOG.md ${documents}/CONFORMANCE.md
    ${documents}/LICENSE ${documents}/examples.md ${documents}/tool.md PARENT_SCOPE)
endfunction()
