/* Runs a program in a job object. */
#ifndef WS2SPI_RUNNER_JOB_H
#define WS2SPI_RUNNER_JOB_H

#include <windows.h>

enum job_end {
  JOB_EXITED,          /* code is its exit code */
  JOB_NOT_STARTED,     /* code is the system's error */
  JOB_TIME_IS_OVER,    /* the program was terminated */
  JOB_TOO_MUCH_OUTPUT, /* the program was terminated */
};

struct job_result {
  enum job_end end;
  DWORD code;
  ULONGLONG milliseconds;
};

/* Runs the command in the folder and writes its output to the file `output`. When this returns, the
 * program and every process that it started have ended. */
struct job_result job_run(const WCHAR *folder, WCHAR *command, const WCHAR *output, DWORD seconds);

#endif
