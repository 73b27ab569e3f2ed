# Installs the files, and a pkg-config file and a CMake package by which other projects find
# them. No installed file holds an absolute path, so the tree can be moved.
include(CMakePackageConfigHelpers)

# The library for Microsoft's linker: the same list, in the short format that GNU's
# dlltool cannot write.
find_program(WS2SPI_LLVM_DLLTOOL NAMES llvm-dlltool llvm-dlltool-19 llvm-dlltool-14)
if(WS2SPI_LLVM_DLLTOOL)
  if(CMAKE_SIZEOF_VOID_P EQUAL 4)
    set(machine i386)
  else()
    set(machine i386:x86-64)
  endif()
  set(msvc_library ${CMAKE_ARCHIVE_OUTPUT_DIRECTORY}/ws2spi.lib)
  add_custom_command(OUTPUT ${msvc_library}
    COMMAND ${WS2SPI_LLVM_DLLTOOL} -k -m ${machine} -d ${WS2SPI_DEF} -l ${msvc_library}
    DEPENDS ${WS2SPI_DEF} VERBATIM)
  add_custom_target(ws2spi_msvc_library ALL DEPENDS ${msvc_library})
  install(FILES ${msvc_library} DESTINATION ${CMAKE_INSTALL_LIBDIR})
else()
  message(STATUS "ws2spi.lib is not made: no llvm-dlltool (Debian package llvm)")
endif()

install(TARGETS ws2spi_dll RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${WS2SPI_IMPORT_LIBRARY} DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES
  ${PROJECT_SOURCE_DIR}/include/ws2spi_shim.h
  ${PROJECT_SOURCE_DIR}/include/ws2spi_lsp.h
  ${PROJECT_SOURCE_DIR}/include/ws2spi_sdk_gaps.h
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES CONFORMANCE.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES tool/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME tool.md)

file(RELATIVE_PATH WS2SPI_PC_TO_PREFIX
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(ws2spi.pc.in ws2spi.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/ws2spi.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The version file also refuses the other word size.
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/ws2spi)
configure_package_config_file(ws2spi-config.cmake.in ws2spi-config.cmake
  INSTALL_DESTINATION ${package}
  PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/ws2spi-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/ws2spi-config.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/ws2spi-config-version.cmake
  DESTINATION ${package})
