# The release of one word size, for the target ws2spi_release: what is installed, with the
# debug information of both images in files of its own beside them, as one zip.
cmake_minimum_required(VERSION 3.21)

set(staged ${BUILD}/release)
set(tree ${staged}/${NAME})
file(REMOVE_RECURSE ${staged})
file(GLOB old_zips ${BUILD}/ws2spi-*.zip)
file(REMOVE ${BUILD}/${NAME}.zip ${old_zips})

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  set(output "${output}" PARENT_SCOPE)
endfunction()

# Debuggers look for <image>.debug in the folder of the image. --preserve-dates keeps the time in
# the image's header, which the linker left 0; without it that is the present.
function(separate_debug_information image)
  run(${OBJDUMP} -h ${tree}/bin/${image})
  if(NOT output MATCHES "\\.debug_info ")
    message(FATAL_ERROR "${image} has no debug information: configure with -DCMAKE_C_FLAGS=-g, or run src/package/release.cmake")
  endif()
  run(${OBJCOPY} --preserve-dates --only-keep-debug ${image} ${image}.debug WORKING_DIRECTORY ${tree}/bin)
  run(${STRIP} --preserve-dates ${image} WORKING_DIRECTORY ${tree}/bin)
  run(${OBJCOPY} --preserve-dates --add-gnu-debuglink=${image}.debug ${image} WORKING_DIRECTORY ${tree}/bin)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${tree})
if(NOT EXISTS ${tree}/lib/ws2spi.lib)
  message(FATAL_ERROR "there is no ws2spi.lib: install llvm-dlltool (Debian package llvm) and configure again")
endif()
separate_debug_information(ws2spi.dll)
separate_debug_information(ws2spi.exe)
run(${PYTHON} ${CMAKE_CURRENT_LIST_DIR}/zip.py ${staged} ${NAME} ${BUILD}/${NAME}.zip)
