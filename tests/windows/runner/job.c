#include "job.h"

#include <stdbool.h>

enum { JOB_LOOK_EVERY = 100, JOB_END_PATIENCE = 10000, JOB_MOST_OUTPUT = 64 * 1024 * 1024 };

/* The processes of the job end with it, also if the runner is terminated. A crash shows no window. */
static HANDLE job_new(void)
{
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {.BasicLimitInformation.LimitFlags =
                                                     JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
                                                     JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION};
  const HANDLE job = CreateJobObjectW(NULL, NULL);

  if (job != NULL &&
      !SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits)) {
    CloseHandle(job);
    return NULL;
  }
  return job;
}

static HANDLE job_open(const WCHAR *path, DWORD access, DWORD how)
{
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};

  return CreateFileW(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited, how, 0, NULL);
}

/* The process enters the job before it executes its first instruction. */
static bool job_start(HANDLE job, const WCHAR *folder, WCHAR *command, HANDLE input, HANDLE output,
                      PROCESS_INFORMATION *process)
{
  STARTUPINFOW startup = {.cb = sizeof startup,
                          .dwFlags = STARTF_USESTDHANDLES,
                          .hStdInput = input,
                          .hStdOutput = output,
                          .hStdError = output};
  DWORD error;

  if (!CreateProcessW(NULL, command, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, folder, &startup,
                      process))
    return false;
  if (AssignProcessToJobObject(job, process->hProcess)) {
    ResumeThread(process->hThread);
    return true;
  }
  error = GetLastError();
  TerminateProcess(process->hProcess, 1);
  CloseHandle(process->hThread);
  CloseHandle(process->hProcess);
  SetLastError(error);
  return false;
}

static enum job_end job_wait(HANDLE process, HANDLE output, DWORD seconds)
{
  const ULONGLONG end = GetTickCount64() + 1000ull * seconds;
  LARGE_INTEGER size = {.QuadPart = 0};

  while (WaitForSingleObject(process, JOB_LOOK_EVERY) == WAIT_TIMEOUT) {
    if (GetTickCount64() >= end)
      return JOB_TIME_IS_OVER;
    if (GetFileSizeEx(output, &size) && size.QuadPart > JOB_MOST_OUTPUT)
      return JOB_TOO_MUCH_OUTPUT;
  }
  return JOB_EXITED;
}

/* Terminated processes take a moment to end, and keep their files open until then. */
static void job_finish(HANDLE job)
{
  JOBOBJECT_BASIC_ACCOUNTING_INFORMATION now;

  TerminateJobObject(job, 1);
  for (int i = 0; i < JOB_END_PATIENCE / 10; i++) {
    if (!QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &now, sizeof now,
                                   NULL) ||
        now.ActiveProcesses == 0)
      return;
    Sleep(10);
  }
}

static struct job_result job_run_in(HANDLE job, const WCHAR *folder, WCHAR *command, HANDLE input,
                                    HANDLE output, DWORD seconds)
{
  struct job_result result = {JOB_NOT_STARTED, 0, 0};
  const ULONGLONG began = GetTickCount64();
  PROCESS_INFORMATION process;

  if (!job_start(job, folder, command, input, output, &process)) {
    result.code = GetLastError();
    return result;
  }
  result.end = job_wait(process.hProcess, output, seconds);
  GetExitCodeProcess(process.hProcess, &result.code);
  job_finish(job);
  CloseHandle(process.hThread);
  CloseHandle(process.hProcess);
  result.milliseconds = GetTickCount64() - began;
  return result;
}

struct job_result job_run(const WCHAR *folder, WCHAR *command, const WCHAR *output, DWORD seconds)
{
  struct job_result result = {JOB_NOT_STARTED, 0, 0};
  const HANDLE in = job_open(L"NUL", GENERIC_READ, OPEN_EXISTING);
  const HANDLE out = job_open(output, GENERIC_WRITE, CREATE_ALWAYS);
  const HANDLE job = job_new();

  if (in != INVALID_HANDLE_VALUE && out != INVALID_HANDLE_VALUE && job != NULL)
    result = job_run_in(job, folder, command, in, out, seconds);
  else
    result.code = GetLastError();
  if (job != NULL)
    CloseHandle(job);
  if (out != INVALID_HANDLE_VALUE)
    CloseHandle(out);
  if (in != INVALID_HANDLE_VALUE)
    CloseHandle(in);
  return result;
}
