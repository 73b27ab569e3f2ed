# Runs the kit in the folder `kit` and checks its output and its files.

# Without this, Wine's debugger shows a crash in a window and waits until the window is closed.
set(ENV{WINEDLLOVERRIDES} "mscoree,mshtml=;winedbg.exe=")

# Runs the kit with the arguments and checks its exit code. `output` gets the text that it prints.
macro(run_kit code)
  execute_process(COMMAND ${EMULATOR} ${kit}/runner.exe ${ARGN}
    RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REPLACE "\r" "" output "${output}")
  if(NOT status EQUAL ${code})
    message(FATAL_ERROR "the runner's exit code is ${status}, not ${code}:\n${output}")
  endif()
endmacro()

function(must_say regex)
  if(NOT output MATCHES "${regex}")
    message(FATAL_ERROR "the runner did not print '${regex}':\n${output}")
  endif()
endfunction()

# junit.xml must have these numbers of tests, in its elements and in its attributes.
function(junit_must_be_well_formed tests failures skipped)
  must_succeed(python3 -c "
import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot()
counts = [len(suite.findall('testcase' + below)) for below in ('', '/failure', '/skipped')]
said = [int(suite.get(name)) for name in ('tests', 'failures', 'skipped')]
expected = [int(number) for number in sys.argv[2:]]
if not suite.tag == 'testsuite' or not counts == said == expected:
    sys.exit(f'tests, failures, skipped: {counts} elements, attributes {said}, expected {expected}')
" ${kit}/results/junit.xml ${tests} ${failures} ${skipped})
endfunction()

# An element or attribute of the test in junit.xml must have the text.
function(junit_must_have test text)
  must_succeed(python3 -c "
import sys, xml.etree.ElementTree as tree
case = tree.parse(sys.argv[1]).getroot().find(f\"testcase[@name='{sys.argv[2]}']\")
texts = [item.text or '' for item in case] + [item.get('message', '') for item in case]
if not any(sys.argv[3] in text for text in texts):
    sys.exit(f'{texts!r}')
" ${kit}/results/junit.xml ${test} ${text})
endfunction()
