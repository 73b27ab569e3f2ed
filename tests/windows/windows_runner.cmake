# Tests the runner with small kits: programs that pass, fail, crash, hang, print without end, leave a
# process behind or are missing; the files that it writes; its filters; its exit codes.
include(${CMAKE_CURRENT_LIST_DIR}/../build/script_tools.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/kit_results.cmake)

set(kit "${SCRATCH}/runner's kit")
file(REMOVE_RECURSE ${kit})
file(COPY ${RUNNER} DESTINATION ${kit})
file(COPY ${SUBJECT} DESTINATION ${kit}/bin)

set(manifest "kit 1.2.3 none
test passes
run subject.exe
limit 60
test looks.around
run subject.exe look one two
limit 60
set SUBJECT_COLOUR=blue
needs subject.exe
test fails
run subject.exe fail
limit 60
test crashes
run subject.exe crash
limit 60
test hangs
run subject.exe hang
limit 1
test talks
run subject.exe talk
limit 60
test prints
run subject.exe print
limit 60
test skips
run subject.exe skip
limit 60
test leaves
run subject.exe leave
limit 60
test is.alone
run subject.exe alone
limit 60
test is_missing
run missing.exe
limit 60
test misses_a_file
run subject.exe
limit 60
needs missing.dll
left-out is_left_out It has < reasons.
")
file(WRITE ${kit}/manifest.txt "${manifest}")

# --- everything -----------------------------------------------------------------------------------

set(ENV{WS2SPI_CATALOG} registry)
set(ENV{WS2SPI_LOG} stderr)
run_kit(1)
must_say("^ws2spi 1.2.3 none, Windows [0-9.]+")
must_say("\npassed  passes \\([0-9.]+ s\\)\n")
must_say("\npassed  looks.around \\([0-9.]+ s\\)\n")
must_say("\nfailed  fails \\([0-9.]+ s\\): its exit code is 3\n")
must_say("\nfailed  crashes \\([0-9.]+ s\\): it ended with code 0xC0000005\n")
must_say("\nfailed  hangs \\(1.[0-9] s\\): it was still running after 1 s\n")
must_say("\nfailed  talks \\([0-9.]+ s\\): it printed more than 64 MB\n")
must_say("\nfailed  prints \\([0-9.]+ s\\): its exit code is 1\n")
must_say("\npassed  skips \\([0-9.]+ s\\): 2 of its functions were skipped\n")
must_say("\npassed  leaves \\([0-9.]+ s\\)\n")
must_say("\npassed  is.alone \\([0-9.]+ s\\)\n")
must_say("\nfailed  is_missing \\(0.0 s\\): missing.exe is not in the kit\n")
must_say("\nfailed  misses_a_file \\(0.0 s\\): missing.dll is not in the kit\n")
must_say("\nskipped is_left_out: It has < reasons.\n")
must_say("\n5 passed, 7 failed, 1 skipped\n$")

file(READ ${kit}/results/looks.around.txt text)
if(NOT text MATCHES
    "^store memory, colour blue, log none, 2 arguments, job 1, at home 1, input ends 1\r?\n$")
  message(FATAL_ERROR "a test found: ${text}")
endif()
file(READ ${kit}/results/hangs.txt text)
if(NOT text MATCHES "before it hangs")
  message(FATAL_ERROR "the output before the time limit is lost: ${text}")
endif()

junit_must_be_well_formed(13 7 1)
string(ASCII 127 delete)
junit_must_have(prints "<tag a=\"1\"> & ]]> 'text'\n??[31m${delete} é 層 😀\n? ?? ??? ??? ??\n")
junit_must_have(fails "this one fails\n")
junit_must_have(is_left_out "It has < reasons.")

# --- choices and exit codes ------------------------------------------------------------------------

run_kit(0 --filter pass?s --filter skip* --filter is_left* --except *smiss*)
must_say("\npassed  passes [^\n]*\npassed  skips [^\n]*\nskipped is_left_out[^\n]*\n2 passed, 0 failed, 1 skipped\n$")
junit_must_be_well_formed(3 0 1)
run_kit(0 --filter passes --results "${SCRATCH}/other results")
must_say("\n1 passed, 0 failed, 0 skipped\n$")
if(NOT EXISTS "${SCRATCH}/other results/junit.xml")
  message(FATAL_ERROR "--results has no effect")
endif()
run_kit(2 --filter nothing)
must_say("the options select no test")
run_kit(2 --filter)
must_say("^usage: ")
run_kit(2 passes)
must_say("^usage: ")
run_kit(2 --filter passes --results ${kit}/runner.exe)
must_say("cannot be written")

# --- no kit ----------------------------------------------------------------------------------------

function(must_refuse text reason)
  file(WRITE ${kit}/manifest.txt "${text}")
  run_kit(2)
  must_say("${reason}")
endfunction()

must_refuse("" "line 1: the first line must be 'kit")
must_refuse("test a\n" "line 1: the first line must be 'kit")
must_refuse("kit 1 x\n" "there are no tests")
must_refuse("kit 1 x\nrun subject.exe\n" "line 2: unknown line")
must_refuse("kit 1 x\ntest a\nran subject.exe\n" "line 3: unknown line")
must_refuse("kit 1 x\ntest a\nlimit 5\n" "line 2: a test must have one line 'run PROGRAM'")
must_refuse("kit 1 x\ntest a\nrun a\nrun b\nlimit 5\n" "line 2: a test must have one line 'run PROGRAM'")
foreach(limit IN ITEMS 0 -1 5s 100000)
  must_refuse("kit 1 x\ntest a\nrun a\nlimit ${limit}\ntest b\nrun b\nlimit 1\n"
    "line 2: a test must have one line 'limit SECONDS'")
endforeach()
must_refuse("kit 1 x\ntest a\nrun a\nlimit 1\nset A\n" "line 2: a variable must have the form 'set")
must_refuse("kit 1 x\nleft-out a\nrun a\nlimit 1\n" "line 2: no other line may follow 'left-out'")
file(REMOVE ${kit}/manifest.txt)
run_kit(2)
must_say("manifest.txt cannot be read; is the whole kit unpacked\\?")
