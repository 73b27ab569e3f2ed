# Two functions for the project of a layered service provider (LSP). They come with
# find_package(ws2spi), and with add_subdirectory or FetchContent of ws2spi's sources.

# ws2spi_add_lsp(<name> <source>... [EXPORTS <function>...])
#
# Makes the DLL <name>.dll from C or C++ sources, for either word size:
# - It exports WSPStartup, and the EXPORTS, by their plain names, on i686 too. A .def file
#   among the sources is used instead of these.
# - It needs no DLL of the compiler's runtime.
# - It links ws2spi::ws2spi, and ws2_32 behind it.
function(ws2spi_add_lsp name)
  cmake_parse_arguments(PARSE_ARGV 1 LSP "" "" "EXPORTS")
  set(sources ${LSP_UNPARSED_ARGUMENTS})
  _ws2spi_check_sources(ws2spi_add_lsp ${name} ${sources})

  set(definitions ${sources})
  list(FILTER definitions INCLUDE REGEX "\\.[Dd][Ee][Ff]$")
  if(definitions AND LSP_EXPORTS)
    message(FATAL_ERROR "ws2spi_add_lsp(${name}): give EXPORTS or a .def file, not both")
  elseif(NOT definitions)
    set(exports WSPStartup ${LSP_EXPORTS})
    list(REMOVE_DUPLICATES exports)
    list(JOIN exports "\n  " exports)
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.def CONTENT "EXPORTS\n  ${exports}\n" @ONLY)
    list(APPEND sources ${CMAKE_CURRENT_BINARY_DIR}/${name}.def)
  endif()

  add_library(${name} SHARED ${sources})
  set_target_properties(${name} PROPERTIES PREFIX "")
  target_link_libraries(${name} PRIVATE ws2spi::ws2spi)
  _ws2spi_link_runtime_statically(${name})
  if(MINGW)
    # On i686 the function is _WSPStartup@76. The linker finds it for the plain name in the
    # .def file, and exports what sources declare dllexport without the decoration, too.
    target_link_options(${name} PRIVATE -Wl,--enable-stdcall-fixup -Wl,--kill-at)
  endif()
endfunction()

# ws2spi_add_lsp_test(<name> LSP <target> SOURCES <source>... [LIBRARIES <library>...]
#                     [ARGUMENTS <argument>...] [TIMEOUT <seconds>])
#
# Makes a program from C or C++ sources and registers it as the test <name>, under Wine when
# cross-compiling. The program, the LSP and ws2spi.dll get a folder of their own, in which
# the test runs as
#   <name>.exe <file name of the LSP> <argument>...
# over a catalog in its own memory (WS2SPI_CATALOG=memory). It passes with exit code 0.
function(ws2spi_add_lsp_test name)
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "LSP;TIMEOUT" "SOURCES;LIBRARIES;ARGUMENTS")
  if(TEST_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ws2spi_add_lsp_test(${name}): unknown arguments ${TEST_UNPARSED_ARGUMENTS}")
  elseif(NOT TARGET "${TEST_LSP}")
    message(FATAL_ERROR "ws2spi_add_lsp_test(${name}): \"${TEST_LSP}\", which LSP names, is no target")
  elseif(NOT CMAKE_TESTING_ENABLED)
    message(FATAL_ERROR "ws2spi_add_lsp_test(${name}): call enable_testing() first, in the top-level CMakeLists.txt")
  endif()
  _ws2spi_check_sources(ws2spi_add_lsp_test ${name} ${TEST_SOURCES})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()

  # Linked again when either DLL has changed, so that the copies beside it are current.
  add_executable(${name} ${TEST_SOURCES})
  add_dependencies(${name} ${TEST_LSP})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/lsp_tests/${name}
    LINK_DEPENDS "$<TARGET_FILE:${TEST_LSP}>;$<TARGET_FILE:ws2spi::ws2spi>")
  target_link_libraries(${name} PRIVATE ws2spi::ws2spi ${TEST_LIBRARIES})
  _ws2spi_link_runtime_statically(${name})
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:${TEST_LSP}> $<TARGET_FILE:ws2spi::ws2spi>
      $<TARGET_FILE_DIR:${name}>
    VERBATIM)

  _ws2spi_run_under_wine(${name})
  add_test(NAME ${name} COMMAND ${name} $<TARGET_FILE_NAME:${TEST_LSP}> ${TEST_ARGUMENTS}
    WORKING_DIRECTORY $<TARGET_FILE_DIR:${name}>)
  # Without the overrides a new Wine prefix asks, in a window, for packages that no test needs.
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT}
    ENVIRONMENT "WS2SPI_CATALOG=memory;WINEDLLOVERRIDES=mscoree,mshtml=")
endfunction()

function(_ws2spi_check_sources function name)
  if(NOT ARGN)
    message(FATAL_ERROR "${function}(${name}): there are no sources")
  endif()
  foreach(source IN LISTS ARGN)
    if(source MATCHES "\\.(cc|cpp|cxx|c\\+\\+|C)$" AND NOT CMAKE_CXX_COMPILER_LOADED)
      message(FATAL_ERROR "${function}(${name}): ${source} is C++; add CXX to the LANGUAGES of project()")
    elseif(source MATCHES "\\.c$" AND NOT CMAKE_C_COMPILER_LOADED)
      message(FATAL_ERROR "${function}(${name}): ${source} is C; add C to the LANGUAGES of project()")
    endif()
  endforeach()
endfunction()

function(_ws2spi_link_runtime_statically target)
  if(MINGW)
    target_link_options(${target} PRIVATE -static)
  elseif(MSVC)
    set_property(TARGET ${target} PROPERTY MSVC_RUNTIME_LIBRARY "MultiThreaded$<$<CONFIG:Debug>:Debug>")
  endif()
endfunction()

# A toolchain file may have said already what runs a Windows program.
function(_ws2spi_run_under_wine target)
  if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR)
    return()
  endif()
  find_program(WS2SPI_WINE NAMES wine wine64 NO_CMAKE_FIND_ROOT_PATH)
  if(WS2SPI_WINE)
    set_property(TARGET ${target} PROPERTY CROSSCOMPILING_EMULATOR ${WS2SPI_WINE})
  else()
    message(WARNING "ws2spi: there is no wine, so the test ${target} can only be built here")
  endif()
endfunction()
