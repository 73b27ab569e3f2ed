# frozen_declarations.c notices every change of a public declaration: each one that the headers have
# is changed in a copy, and the compiler must name it.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

set(include ${CMAKE_CURRENT_LIST_DIR}/../../include)
set(changed ${SCRATCH}/frozen_declarations)
file(MAKE_DIRECTORY ${changed})
set(flags -std=c11 -DUNICODE -DWIN32_LEAN_AND_MEAN -fsyntax-only ${CMAKE_CURRENT_LIST_DIR}/frozen_declarations.c)

# Below Vista the types and functions of ws2spi_sdk_gaps.h are our own, otherwise the system's.
must_succeed(${COMPILER} ${flags} -I${include} -D_WIN32_WINNT=0x0501)
must_succeed(${COMPILER} ${flags} -I${include} -D_WIN32_WINNT=0x0601)

# A group of each match of a pattern, appended to `names`.
macro(add_names pattern group)
  string(REGEX MATCHALL "${pattern}" matches "${text}")
  foreach(match IN LISTS matches)
    string(REGEX REPLACE "${pattern}" "\\${group}" name "${match}")
    list(APPEND names ${name})
  endforeach()
endmacro()

set(function "(int |WSPAPI )((Ws2Spi|WSC)[A-Za-z0-9_]+)[(]")
set(function_type "[*](LP[A-Z0-9_]+)[)][(]")
set(pointer_type ", [*](LPWS2SPI_[A-Z_]+)")
set(structure "typedef struct (_?[A-Za-z0-9_]+) {")
set(guarded "#ifndef ([A-Z0-9_]+)\n#define [A-Z0-9_]+ +([^\n]+)\n#endif\n")
set(constant "#define ([A-Z0-9_]+) +([^ \n/;][^\n/;]*)")
foreach(header IN ITEMS ws2spi_shim.h ws2spi_lsp.h ws2spi_sdk_gaps.h)
  file(READ ${include}/${header} text)
  string(REPLACE "\\\n" "" text "${text}") # continued lines
  add_names("${function}" 2)
  add_names("${function_type}" 1)
  add_names("${pointer_type}" 1)
  add_names("${constant}" 1)
  string(REGEX REPLACE "${function}" "\\1\\2(int planted, " text "${text}")
  string(REGEX REPLACE "${function_type}" "*\\1)(int planted, " text "${text}")
  string(REGEX REPLACE "${pointer_type}" ", **\\1" text "${text}")
  string(REGEX REPLACE "${structure}" "typedef struct \\1 { char planted[64];" text "${text}")
  # A constant of the system's headers does not win over the changed one.
  string(REGEX REPLACE "${guarded}" "#undef \\1\n#define \\1 \\2\n" text "${text}")
  string(REGEX REPLACE "${constant}" "#define \\1 (\\2 - 1)" text "${text}")
  string(REPLACE "ProviderInfoLspCategories," "ProviderInfoLspCategories = 1," text "${text}")
  file(WRITE ${changed}/${header} "${text}")
endforeach()

# dll_version compares the parts of the version with the project's, and spi_layout has the GUIDs,
# which are not constants to the compiler.
list(FILTER names EXCLUDE REGEX "^WS2SPI_VERSION_|^WSAID_")
list(APPEND names WS2SPI_CATALOG_ENTRY WS2SPI_CATALOG_PROBLEM WSAPOLLFD WSAPOLLDATA WSASENDMSG
  ProviderInfoLspCategories ProviderInfoAudit)
if(PROCESSOR STREQUAL "i686")
  list(FILTER names EXCLUDE REGEX "^WSC.*32$")
else()
  list(REMOVE_ITEM names WSCInstallProviderAndChains)
endif()
list(LENGTH names count)
if(count LESS 90)
  message(FATAL_ERROR "only ${count} declarations were found in the headers")
endif()

set(ENV{LC_ALL} C) # plain quotes
must_fail(${COMPILER} ${flags} -I${changed} -D_WIN32_WINNT=0x0501 -fmax-errors=0)
foreach(name IN LISTS names)
  string(FIND "${output}" "${name} has changed" asserted)
  string(FIND "${output}" "conflicting types for '${name}'" conflicting)
  if(asserted EQUAL -1 AND conflicting EQUAL -1)
    list(APPEND unnoticed ${name})
  endif()
endforeach()
if(unnoticed)
  message(FATAL_ERROR "frozen_declarations.c does not notice a change of ${unnoticed}\n${output}")
endif()
message(STATUS "${count} declarations are frozen")
