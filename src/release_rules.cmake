# How what is shipped, the DLL and the tool, is compiled and linked beyond
# ws2spi_build_rules: overruns end the process, the loader is allowed all that it has
# against them, and the same source gives the same bytes in whatever folder it is built.
add_library(ws2spi_release_rules INTERFACE)

# platform/stack_protector.c has the functions that the compiler's checks call. The linker must
# not get these flags: it would add libssp.
set(optimized $<CONFIG:Release,RelWithDebInfo,MinSizeRel>)
target_compile_options(ws2spi_release_rules INTERFACE
  $<$<AND:${optimized},$<COMPILE_LANGUAGE:C>>:-fstack-protector-strong;-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>
  $<$<AND:${optimized},$<COMPILE_LANGUAGE:C>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=/ws2spi;-ffile-prefix-map=${PROJECT_BINARY_DIR}=/ws2spi/build>)

# Each object would name its compiler. On i686 each function would have unwind data, a
# seventh of the DLL: nothing unwinds through C there, and debuggers have .debug_frame.
target_compile_options(ws2spi_release_rules INTERFACE $<$<AND:${optimized},$<COMPILE_LANGUAGE:C>>:-fno-ident>)
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  target_compile_options(ws2spi_release_rules INTERFACE
    $<$<AND:${optimized},$<COMPILE_LANGUAGE:C>>:-fno-asynchronous-unwind-tables>)
endif()

target_link_options(ws2spi_release_rules INTERFACE
  -Wl,--dynamicbase -Wl,--nxcompat -Wl,--no-insert-timestamp)
if(CMAKE_SIZEOF_VOID_P EQUAL 8)
  target_link_options(ws2spi_release_rules INTERFACE -Wl,--high-entropy-va)
  set(WS2SPI_DLL_BASE 0x377320000)
else()
  set(WS2SPI_DLL_BASE 0x67320000)
endif()

# The presets with coverage in their names count which lines run (tests/coverage). The
# counters are 64 bits wide, and threads share them.
target_compile_options(ws2spi_release_rules INTERFACE
  $<$<AND:$<CONFIG:Coverage>,$<COMPILE_LANGUAGE:C>>:-O0;--coverage;-fprofile-update=prefer-atomic>)
