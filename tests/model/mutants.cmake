# Mutants of the blocking core and of the explorer (mutant_copies.cmake says how they are made).
#
# To add one: mark the line or lines in the source with /* mutant: NAME */, and add a row here with
# the failure that the model must report and the lines that replace the marked ones. Each replacement
# is one line, and may hold several statements. A row without a text deletes the marked lines.

# The rest of the program is not instrumented, nor are the precompiled headers. A mutant may
# leave a function without its only call.
function(compile_as_core copy)
  set_property(SOURCE ${copy} APPEND PROPERTY COMPILE_OPTIONS -fsanitize=thread -Wno-unused-function)
  set_property(SOURCE ${copy} PROPERTY SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# A core in which the model must find the wrong step. EXPECTED is the failure's name in threads.h,
# less MODEL_.
#   add_core_mutant(name EXPECTED ["text"])
function(add_core_mutant name expected)
  make_mutant(copy model_mutant_${name} ${name} "${ARGV2}" ${PROJECT_SOURCE_DIR}/src ${core_files})
  if(copy)
    add_model_test(model_mutant_${name} model_mutant.c ${copy})
    target_compile_definitions(model_mutant_${name} PRIVATE MODEL_EXPECTED=MODEL_${expected})
    compile_as_core(${copy})
  endif()
endfunction()

# The same, found by programs with more cancels than a thread has places for.
#   add_crowded_core_mutant(places name EXPECTED ["text"])
function(add_crowded_core_mutant places name expected)
  make_mutant(copy model_mutant_${name} ${name} "${ARGV3}" ${PROJECT_SOURCE_DIR}/src ${core_files})
  if(copy)
    add_crowded_test(${places} model_mutant_${name} model_mutant.c ${copy})
    target_compile_definitions(model_mutant_${name} PRIVATE MODEL_EXPECTED=MODEL_${expected})
    compile_as_core(${copy})
  endif()
endfunction()

# An explorer that treats dependent steps as independent, so that outcomes are missing although the
# core is right.
#   add_explorer_mutant(name "text")
function(add_explorer_mutant name text)
  make_mutant(copy model_misses_${name} ${name} "${text}" ${PROJECT_SOURCE_DIR}/tests/model
    ${explorer_files})
  if(copy)
    add_model_test(model_misses_${name} model_reduction.c ${copy})
    target_compile_definitions(model_misses_${name} PRIVATE MODEL_MISSES=1)
  endif()
endfunction()

# --- blocking/operation.c -------------------------------------------------------------------
add_core_mutant(any_cancel_found MISAPPLIED
  "if (atomic_load_explicit(&record->cancelled[i], memory_order_acquire) != 0)")
add_core_mutant(place_claimed_in_two_steps LOST
  "if (atomic_load(place) != empty) { return false; } atomic_store(place, id); return true;")
add_core_mutant(flag_not_set LOST)
add_core_mutant(wait_removes_all_cancels LOST
  "(void)found; atomic_store(&record->cancelled[i], 0); if (false)")
add_crowded_core_mutant(2 cancel_dropped_if_full LOST)

# --- winsock/hook.c, upcalls/query_blocking_callback.c --------------------------------------
add_core_mutant(operations_outlive_hook MISAPPLIED)
add_core_mutant(failed_query_stays_current LOST)

# --- blocking/cancel_thread.c ---------------------------------------------------------------
add_core_mutant(woken_before_cancel ASLEEP
  "
operation_cancel(record, id); return true;")
add_core_mutant(not_woken ASLEEP
  "(void)wake;")
add_core_mutant(terminated_thread_cancelled MISAPPLIED
  "cancelled = ((void)cancel_thread_is_alive, true) &&")
add_core_mutant(earlier_thread_cancelled MISAPPLIED
  "true;")

# --- blocking/thread_record.c ---------------------------------------------------------------
add_core_mutant(late_reference FREED_MEMORY
  "ReleaseSRWLockShared(&registry_lock); if (record != NULL)")
add_core_mutant(relaxed_release RACE
  "if (atomic_fetch_sub_explicit(&record->references, 1, memory_order_relaxed) != 1)")
add_core_mutant(ended_thread_stays_listed FREED_MEMORY
  "(void)record;")
add_core_mutant(abandoned_wait_keeps_reference LEAK)
add_core_mutant(no_unlock DEADLOCK)
add_core_mutant(list_unlocked RACE)
add_core_mutant(list_shared RACE
  "AcquireSRWLockShared(&registry_lock);
ReleaseSRWLockShared(&registry_lock);")
add_core_mutant(unlist_unlocked FREED_MEMORY)
add_core_mutant(lookup_unlocked RACE)
add_core_mutant(thread_closes_event FREED_MEMORY
  "const HANDLE wake = atomic_load(&record->wake); atomic_store(&record->wake, NULL); \
if (wake != NULL) CloseHandle(wake); thread_record_release(record);")

# --- blocking/blocking.c --------------------------------------------------------------------
add_core_mutant(current_not_restored LOST
  "operation_set_current(record, 0);")
add_core_mutant(wait_closes_event FREED_MEMORY
  "if (record->innermost == NULL) { CloseHandle(atomic_load(&record->wake)); \
atomic_store(&record->wake, NULL); } thread_record_release(record);")

# --- blocking/callback.c --------------------------------------------------------------------
add_core_mutant(callback_does_not_set_current LOST)
add_core_mutant(callback_ignores_last_cancel LOST
  "return TRUE;")
add_core_mutant(hook_runs_after_cancel LOST
  "if (false)")

# --- the explorer ---------------------------------------------------------------------------
add_explorer_mutant(reads_and_writes
  "return a->kind != STEP_READ && b->kind != STEP_READ;")
add_explorer_mutant(beginnings_and_ends_of_calls
  "return false;")
add_explorer_mutant(sleep_and_arrival_of_data
  "model_step(STEP_WAIT, wake, sizeof *wake);")

check_marks(${PROJECT_SOURCE_DIR}/src ${core_files} blocking/thread_record.h)
check_marks(${PROJECT_SOURCE_DIR}/tests/model ${explorer_files})
