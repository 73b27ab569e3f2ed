# Packs the kit and checks its list of tests, its programs and its DLLs. Then it runs most of the
# tests, from a folder with a space in its name. `sh tests/windows/run` runs all of them.
include(${CMAKE_CURRENT_LIST_DIR}/../build/script_tools.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/kit_results.cmake)

set(pack ${CMAKE_COMMAND} -DBUILD=${BUILD} -DCTEST=${CTEST} -DEMULATOR=${EMULATOR} -DTARGETS=${TARGETS}
  -DRUNNER=${RUNNER} -DVERSION=${VERSION} -DPROCESSOR=${PROCESSOR})
set(pack_script ${CMAKE_CURRENT_LIST_DIR}/pack.cmake)
set(name ws2spi-tests-${PROCESSOR})
set(folder "${SCRATCH}/a folder with spaces")
set(kit "${folder}/${name}")

# --- left_out.list ----------------------------------------------------------------------------------

# Packing must fail with a list that lacks the row named `without`, if a name is given, and has `row`
# in addition.
function(must_not_pack without row reason)
  file(READ ${CMAKE_CURRENT_LIST_DIR}/left_out.list list)
  if(without)
    string(REGEX REPLACE "\n${without} [^\n]*" "" list "${list}")
  endif()
  string(APPEND list "${row}\n")
  file(WRITE ${SCRATCH}/left_out.list "${list}")
  must_fail(${pack} -DFOLDER=${SCRATCH}/not_packed -DLEFT_OUT=${SCRATCH}/left_out.list -P ${pack_script})
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  if(NOT output MATCHES "${reason}")
    message(FATAL_ERROR "packing did not fail with '${reason}':\n${output}")
  endif()
endfunction()

must_not_pack("" "no_such_test It is gone." "there is no such test as no_such_test")
must_not_pack("" "catalog_sys*m It has a row." "catalog_system has 2 rows")
must_not_pack("" "dll_exports" "not 'NAME reason': dll_exports")
must_not_pack(tool_process "" "tool_process uses the catalog 'registry'")
must_not_pack(scripts "" "left_out.list has no row for scripts")
must_not_pack("" "chain_* They are many." "tests are in the kit; there must be at least 180")

# --- the zip ------------------------------------------------------------------------------------------

must_succeed(${pack} -DFOLDER=${SCRATCH}/packed/${name} -P ${pack_script})
message("${output}")
must_succeed(${CMAKE_COMMAND} -E chdir ${SCRATCH}/packed
  ${CMAKE_COMMAND} -E tar cf ${SCRATCH}/${name}.zip --format=zip ${name})
file(REMOVE_RECURSE ${folder} ${SCRATCH}/packed)
file(MAKE_DIRECTORY ${folder})
must_succeed(${CMAKE_COMMAND} -E chdir ${folder} ${CMAKE_COMMAND} -E tar xf ${SCRATCH}/${name}.zip)

# --- its programs ------------------------------------------------------------------------------------

file(GLOB programs ${kit}/bin/*.exe)
file(GLOB dlls RELATIVE ${kit}/bin ${kit}/bin/*.dll)

# Each program either has the watches (support/loopback_only.h, support/machine_registry.h), or calls
# neither Winsock nor the functions that write the registry. The tool does both on request only.
execute_process(COMMAND grep -L loopback_only_given_up ${programs} OUTPUT_VARIABLE unwatched)
string(REGEX MATCHALL "[^\n]+" unwatched "${unwatched}")
foreach(program IN LISTS unwatched)
  read_imports(${program} imports)
  list(FILTER imports INCLUDE REGEX "^(ws2_32|mswsock|wsock32|ws2spi)\\.dll|!Reg(Create|Set|Delete|Copy)")
  if(imports AND NOT program MATCHES "/ws2spi\\.exe$")
    message(FATAL_ERROR "${program} does not link ws2spi_watches, and imports ${imports}")
  endif()
endforeach()
execute_process(COMMAND grep -l "loopback_only_give_up[^n]" ${programs} OUTPUT_VARIABLE reachable)
if(reachable)
  message(FATAL_ERROR "other machines can reach these programs, so they must not be in the kit: ${reachable}")
endif()

# Every DLL that they import comes with Windows or is in the kit.
set(of_windows advapi32 kernel32 msvcrt ntdll rpcrt4 shell32 user32 version ws2_32)
file(GLOB images ${kit}/*.exe ${kit}/bin/*.exe ${kit}/bin/*.dll)
execute_process(COMMAND ${OBJDUMP} -p ${images} COMMAND sed -n "s/.*DLL Name: *//p" COMMAND sort -u
  OUTPUT_VARIABLE needed)
string(TOLOWER "${needed}" needed)
string(REGEX MATCHALL "[^\n]+" needed "${needed}")
foreach(dll IN LISTS needed)
  string(REGEX REPLACE "\\.dll$" "" stem ${dll})
  if(NOT stem IN_LIST of_windows AND NOT dll IN_LIST dlls)
    message(FATAL_ERROR "the kit needs ${dll}, which is not in it")
  endif()
endforeach()

# --- a run --------------------------------------------------------------------------------------------

# All but the slowest: these would take as long again as the others.
set(long cancel_from_other_thread base_cancel_races catalog_con* chain_races failing_* model_* reload
  registry_* soak socket_handle_*)
list(TRANSFORM long PREPEND "--except;")
run_kit(0 ${long})
must_say(" passed, 0 failed, [0-9]+ skipped\n$")
run_kit(0 --filter catalog_system)
must_say("\nskipped catalog_system: [^\n]+\n0 passed, 0 failed, 1 skipped\n$")

execute_process(COMMAND ${EMULATOR} cmd /c run.cmd --filter dll_version WORKING_DIRECTORY ${kit}
  INPUT_FILE /dev/null OUTPUT_VARIABLE output ERROR_VARIABLE output)
string(REPLACE "\r" "" output "${output}")
must_say("\n1 passed, 0 failed, 0 skipped\n")
