# Mutants: copies of a source in which one step is wrong.
#
# A comment /* mutant: NAME */ in the source marks the line that it stands on or, if it is alone on
# its line, the next line. Several mutants may share a comment: /* mutant: NAME OTHER */. In the copy
# for NAME the marked lines are replaced by the lines of `text`, in their order; marked lines beyond
# the end of the text are deleted. The sources can thus be changed as long as the marked lines keep
# their meaning and the texts compile.

set(MUTANT_COMMENT "/\\* mutant:[a-z_ ]*\\*/")

# Replaces `line` by `replacement` where it first occurs in the variable `text`.
function(replace_first text line replacement)
  string(FIND "${${text}}" "${line}" begin)
  string(LENGTH "${line}" length)
  math(EXPR end "${begin} + ${length}")
  string(SUBSTRING "${${text}}" 0 ${begin} before)
  string(SUBSTRING "${${text}}" ${end} -1 after)
  set(${text} "${before}${replacement}${after}" PARENT_SCOPE)
endfunction()

# A mutant that cannot be made is a test that fails.
function(report_mutant name reason)
  message(WARNING "mutant ${name}: ${reason}")
  add_test(NAME mutant_${name}_is_missing COMMAND ${CMAKE_COMMAND} -E false)
endfunction()

# Writes the copy of that file among room/FILE in `folder` which has the marks, into a folder named
# after the test. Sets `out` to its path, or to nothing if there is no mark.
#   make_mutant(out test name "text" folder file...)
function(make_mutant out test name text folder)
  set(${out} "" PARENT_SCOPE)
  set_property(GLOBAL APPEND PROPERTY MUTANTS ${name})
  set(mark "/\\* mutant:[a-z_ ]* ${name} [a-z_ ]*\\*/")
  set(file "")
  foreach(candidate IN LISTS ARGN)
    file(READ ${folder}/${candidate} source)
    if(source MATCHES "${mark}")
      set(file ${candidate})
      break()
    endif()
  endforeach()
  if(file STREQUAL "")
    report_mutant(${name} "no source marks a line with it")
    return()
  endif()
  while(source MATCHES "(\n *${mark}\n[^\n]*|\n[^\n]*${mark})\n")
    set(line "${CMAKE_MATCH_1}")
    if(text MATCHES "^([^\n]*)\n(.*)$")
      set(replacement "${CMAKE_MATCH_1}")
      set(text "${CMAKE_MATCH_2}")
    else()
      set(replacement "${text}")
      set(text "")
    endif()
    replace_first(source "${line}" "\n${replacement}")
  endwhile()
  if(NOT text STREQUAL "")
    report_mutant(${name} "${file} marks fewer lines than there are to replace them:\n${text}")
    return()
  endif()
  set(copy ${CMAKE_CURRENT_BINARY_DIR}/${test}/${file})
  file(CONFIGURE OUTPUT ${copy} CONTENT "${source}" @ONLY)
  set_source_files_properties(${copy} PROPERTIES COMPILE_OPTIONS -Wno-error)
  set(${out} ${copy} PARENT_SCOPE)
endfunction()

# After all mutants: each mark in these files must be one of them.
#   check_marks(folder file...)
function(check_marks folder)
  get_property(made GLOBAL PROPERTY MUTANTS)
  foreach(file IN LISTS ARGN)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${file})
    file(READ ${folder}/${file} source)
    string(REGEX MATCHALL "${MUTANT_COMMENT}" comments "${source}")
    foreach(comment IN LISTS comments)
      string(REGEX MATCHALL "[a-z_]+" names "${comment}")
      list(POP_FRONT names)
      foreach(name IN LISTS names)
        if(NOT name IN_LIST made)
          report_mutant(${name} "${file} marks a line with it, but there is no such mutant")
        endif()
      endforeach()
    endforeach()
  endforeach()
endfunction()
