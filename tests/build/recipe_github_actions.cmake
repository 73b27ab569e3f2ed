# The recipe for an LSP's own repository: the workflow is YAML that runs the script, and the
# script, run in a repository laid out as the README says, builds the LSP for both word
# sizes and tests it. Steps that need the service (checkout, container) are not run.
include(${CMAKE_CURRENT_LIST_DIR}/script_tools.cmake)

get_filename_component(root ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
set(recipe ${root}/examples/packaging/github-actions)
set(examples ${root}/examples)
set(repository ${SCRATCH}/recipe_github_actions)

must_succeed(python3 -c "
import sys, yaml
steps = yaml.safe_load(open(sys.argv[1]))['jobs']['test']['steps']
print(steps[-1]['run'])
" ${recipe}/test-lsp.yml)
string(STRIP "${output}" command)
if(NOT command STREQUAL "sh ci/test-lsp.sh")
  message(FATAL_ERROR "the workflow's last step is: ${command}")
endif()

file(REMOVE_RECURSE ${repository})
file(COPY ${recipe}/test-lsp.yml DESTINATION ${repository}/.github/workflows)
file(COPY ${recipe}/test-lsp.sh DESTINATION ${repository}/ci)
file(COPY ${recipe}/CMakeLists.txt ${examples}/test_lsp.c ${examples}/layered_provider.c
  ${examples}/layered_provider.h DESTINATION ${repository})
set(ENV{WS2SPI} ${root})
separate_arguments(command)

function(script_must_test_both_word_sizes)
  must_succeed(${command} WORKING_DIRECTORY ${repository})
  string(REGEX MATCHALL "100% tests passed, 0 tests failed out of 1" passed "${output}")
  list(LENGTH passed count)
  if(NOT count EQUAL 2)
    message(FATAL_ERROR "the script tested ${count} word sizes:\n${output}")
  endif()
endfunction()

script_must_test_both_word_sizes()

# The same with an LSP and a test in C++.
set(project ${CMAKE_CURRENT_LIST_DIR}/lsp_project)
file(COPY ${project}/layer.h ${project}/may_start.cpp DESTINATION ${repository})
foreach(name IN ITEMS layer start_layer)
  file(COPY_FILE ${project}/${name}.c ${repository}/${name}.cpp)
endforeach()
file(READ ${repository}/CMakeLists.txt text)
string(REPLACE " layered_provider.c)" " layer.cpp may_start.cpp EXPORTS LayerStarts)" text "${text}")
string(REPLACE " test_lsp.c" " start_layer.cpp" text "${text}")
string(REGEX REPLACE "ARGUMENTS [^)]+" "ARGUMENTS \"opens a socket\"" text "${text}")
file(WRITE ${repository}/CMakeLists.txt "${text}")
script_must_test_both_word_sizes()
foreach(triple IN ITEMS x86_64-w64-mingw32 i686-w64-mingw32)
  must_be_a_portable_lsp(${repository}/build/lsp/${triple}/layered_provider.dll)
endforeach()
