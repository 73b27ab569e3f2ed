# The benchmark measures three exchanges through six chains. Each row has two times and a ratio.
execute_process(COMMAND ${PROGRAM} 1 5 RESULT_VARIABLE status OUTPUT_VARIABLE output)
string(REGEX MATCHALL "[0-9]+\\.[0-9] +[0-9]+\\.[0-9] +[0-9]+\\.[0-9][0-9]" rows "${output}")
list(LENGTH rows count)
if(NOT status EQUAL 0 OR NOT count EQUAL 18)
  message(FATAL_ERROR "status ${status}, ${count} rows instead of 18:\n${output}")
endif()
