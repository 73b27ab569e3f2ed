# Copies of the core, and of the explorer, with one step made wrong.

# The rest of its program is not instrumented, nor are the headers that it has read in advance.
function(compile_as_core copy)
  set_property(SOURCE ${copy} APPEND PROPERTY COMPILE_OPTIONS -fsanitize=thread)
  set_property(SOURCE ${copy} PROPERTY SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# A core in which the model must find the fault.
#   add_broken_core(name room/file.c EXPECTED "text in the file" "text instead")
# EXPECTED is the failure's name in threads.h, less MODEL_.
function(add_broken_core name file expected right wrong)
  make_altered_copy(copy model_broken_${name} ${PROJECT_SOURCE_DIR}/src ${file}
    "${right}" "${wrong}")
  if(copy)
    add_model_test(model_broken_${name} model_broken.c ${copy})
    target_compile_definitions(model_broken_${name} PRIVATE MODEL_EXPECTED=MODEL_${expected})
    compile_as_core(${copy})
  endif()
endfunction()

# The same, found by programs with more cancels than there are places.
function(add_broken_crowded_core places name file expected right wrong)
  make_altered_copy(copy model_broken_${name} ${PROJECT_SOURCE_DIR}/src ${file}
    "${right}" "${wrong}")
  if(copy)
    add_crowded_test(${places} model_broken_${name} model_broken.c ${copy})
    target_compile_definitions(model_broken_${name} PRIVATE MODEL_EXPECTED=MODEL_${expected})
    compile_as_core(${copy})
  endif()
endfunction()

# An explorer that takes for independent what depends on each other, so that outcomes are
# missing where nothing else is wrong.
function(add_broken_explorer name file right wrong)
  make_altered_copy(copy model_misses_${name} ${PROJECT_SOURCE_DIR}/tests/model ${file}
    "${right}" "${wrong}")
  if(copy)
    add_model_test(model_misses_${name} model_reduction.c ${copy})
    target_compile_definitions(model_misses_${name} PRIVATE MODEL_MISSES=1)
  endif()
endfunction()

add_broken_core(number_not_compared blocking/operation.c MISAPPLIED
  "memory_order_acquire) == number)"
  "memory_order_acquire) != 0)")
add_broken_core(place_not_taken_atomically blocking/operation.c LOST
  "return atomic_compare_exchange_strong(place, &none, number);"
  "if (atomic_load(place) != none)
    return false;
  atomic_store(place, number);
  return true;")
add_broken_core(cancel_not_announced blocking/operation.c LOST
  "atomic_store(&record->any_cancelled, true);"
  "")
add_broken_core(foreign_operations_not_ended winsock/hook.c MISAPPLIED
  "operation_end_all_foreign(record);"
  "")
add_broken_core(woken_before_marked blocking/cancel.c ASLEEP
  "operation_cancel(record, number);
  wake = atomic_load_explicit(&record->wake, memory_order_acquire);
  if (wake != NULL)
    SetEvent(wake);"
  "wake = atomic_load_explicit(&record->wake, memory_order_acquire);
  if (wake != NULL)
    SetEvent(wake);
  operation_cancel(record, number);")
add_broken_core(not_woken blocking/cancel.c ASLEEP
  "SetEvent(wake);"
  "(void)wake;")
add_broken_core(terminated_thread_cancelled blocking/cancel.c MISAPPLIED
  "is_alive(record) && cancel_and_wake(record)"
  "((void)is_alive, cancel_and_wake(record))")
add_broken_core(earlier_thread_of_the_id_cancelled blocking/cancel.c MISAPPLIED
  " &&
          CompareFileTime(&created, &record->created) == 0"
  "")
add_broken_core(reference_after_the_lock blocking/thread_record.c FREED_MEMORY
  "  if (record != NULL)
    thread_record_reference(record);
  ReleaseSRWLockShared(&registry_lock);"
  "  ReleaseSRWLockShared(&registry_lock);
  if (record != NULL)
    thread_record_reference(record);")
add_broken_core(reference_dropped_without_order blocking/thread_record.c RACE
  "&record->references, 1, memory_order_acq_rel)"
  "&record->references, 1, memory_order_relaxed)")
add_broken_core(ended_thread_still_listed blocking/thread_record.c FREED_MEMORY
  "hash_table_remove(&registry, record->thread_id);"
  "(void)record;")
add_broken_core(abandoned_wait_keeps_record blocking/thread_record.c LEAK
  "thread_record_release(record); /* the operation's reference */"
  "")
add_broken_core(lock_kept blocking/thread_record.c DEADLOCK
  "ReleaseSRWLockShared(&registry_lock);"
  "")
add_broken_core(currency_not_given_back blocking/blocking.c LOST
  "operation_set_current(record, operation->resumed);"
  "operation_set_current(record, 0);")
add_broken_core(callback_does_not_make_current blocking/callback.c LOST
  "operation_set_current(record, context);"
  "")
add_broken_core(callback_does_not_ask_again blocking/callback.c LOST
  "  record->in_callback = false;
  return !operation_is_cancelled(record, context);"
  "  record->in_callback = false;
  return TRUE;")
add_broken_core(pending_cancel_runs_the_hook blocking/callback.c LOST
  "  if (operation_is_cancelled(record, context))
    return FALSE;
  record->in_callback = true;"
  "  record->in_callback = true;")
add_broken_core(failed_query_stays_current upcalls/query_blocking_callback.c LOST
  "blocking_take_back_query(thread_record_get());"
  "")
add_broken_core(listing_not_locked blocking/thread_record.c RACE
  "  AcquireSRWLockExclusive(&registry_lock);
  *stale = hash_table_find(&registry, record->thread_id);
  listed = hash_table_insert(&registry, record->thread_id, record);
  ReleaseSRWLockExclusive(&registry_lock);"
  "  *stale = hash_table_find(&registry, record->thread_id);
  listed = hash_table_insert(&registry, record->thread_id, record);")
add_broken_core(listing_locked_for_reading blocking/thread_record.c RACE
  "  AcquireSRWLockExclusive(&registry_lock);
  *stale = hash_table_find(&registry, record->thread_id);
  listed = hash_table_insert(&registry, record->thread_id, record);
  ReleaseSRWLockExclusive(&registry_lock);"
  "  AcquireSRWLockShared(&registry_lock);
  *stale = hash_table_find(&registry, record->thread_id);
  listed = hash_table_insert(&registry, record->thread_id, record);
  ReleaseSRWLockShared(&registry_lock);")
add_broken_core(unlisting_not_locked blocking/thread_record.c FREED_MEMORY
  "  AcquireSRWLockExclusive(&registry_lock);
  if (hash_table_find(&registry, record->thread_id) == record)
    hash_table_remove(&registry, record->thread_id);
  ReleaseSRWLockExclusive(&registry_lock);"
  "  if (hash_table_find(&registry, record->thread_id) == record)
    hash_table_remove(&registry, record->thread_id);")
add_broken_core(look_up_not_locked blocking/thread_record.c RACE
  "  AcquireSRWLockShared(&registry_lock);
  record = hash_table_find(&registry, thread_id);
  if (record != NULL)
    thread_record_reference(record);
  ReleaseSRWLockShared(&registry_lock);"
  "  record = hash_table_find(&registry, thread_id);
  if (record != NULL)
    thread_record_reference(record);")
add_broken_core(event_closed_with_the_thread blocking/thread_record.c FREED_MEMORY
  "  abandon_waits(record);
  thread_record_release(record);"
  "  const HANDLE wake = atomic_load(&record->wake);

  abandon_waits(record);
  atomic_store(&record->wake, NULL);
  if (wake != NULL)
    CloseHandle(wake);
  thread_record_release(record);")
add_broken_core(event_closed_with_the_wait blocking/blocking.c FREED_MEMORY
  "  record->innermost = operation->outer;
  thread_record_release(record);"
  "  record->innermost = operation->outer;
  if (record->innermost == NULL) {
    CloseHandle(atomic_load(&record->wake));
    atomic_store(&record->wake, NULL);
  }
  thread_record_release(record);")

add_broken_core(all_cancels_left_with_the_wait blocking/operation.c LOST
  "    if (atomic_load_explicit(&record->cancelled[i], memory_order_relaxed) == number)
      atomic_compare_exchange_strong(&record->cancelled[i], &found, 0);"
  "    (void)found;
    atomic_store(&record->cancelled[i], 0);")
add_broken_explorer(reads_and_writes explore.c
  "return a->kind != STEP_READ || b->kind != STEP_READ;"
  "return a->kind != STEP_READ && b->kind != STEP_READ;")
add_broken_explorer(beginnings_and_ends_of_calls explore.c
  "return a->kind != b->kind;"
  "return false;")
add_broken_explorer(sleep_and_arrival_of_data system_calls.c
  "model_step(STEP_WAIT, sleep, sizeof *sleep);"
  "model_step(STEP_WAIT, wake, sizeof *wake);")

add_broken_crowded_core(2 cancel_without_place_dropped blocking/operation.c LOST
  "atomic_store(&record->cancelled[place], number);"
  "")
