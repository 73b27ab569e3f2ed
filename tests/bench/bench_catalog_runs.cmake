# The benchmark measures a floor and seven calls, in two stores and with each number of entries. Each
# row has a time and a ratio.
execute_process(COMMAND ${PROGRAM} 3 10 RESULT_VARIABLE status OUTPUT_VARIABLE output)
string(REGEX MATCHALL "\n[a-z]+ +[0-9]+  [^\n]* [0-9]+\\.[0-9] +[0-9]+\\.[0-9][0-9][0-9]" rows "${output}")
list(LENGTH rows count)
if(NOT status EQUAL 0 OR NOT count EQUAL 32)
  message(FATAL_ERROR "status ${status}, ${count} rows instead of 32:\n${output}")
endif()
