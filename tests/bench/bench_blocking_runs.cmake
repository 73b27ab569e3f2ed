# The benchmark measures five calls, with three catalog sizes and with one and two threads. Each row
# has a time and a ratio.
execute_process(COMMAND ${PROGRAM} 2 50 RESULT_VARIABLE status OUTPUT_VARIABLE output)
string(REGEX MATCHALL "\n +[0-9]+ +[12]  [^\n]* [0-9]+\\.[0-9][0-9] +[0-9]+\\.[0-9][0-9]" rows "${output}")
list(LENGTH rows count)
if(NOT status EQUAL 0 OR NOT count EQUAL 30)
  message(FATAL_ERROR "status ${status}, ${count} rows instead of 30:\n${output}")
endif()
