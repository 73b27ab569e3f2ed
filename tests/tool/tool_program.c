#include "tool_program.h"

#include <windows.h>

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void test_folder(WCHAR folder[MAX_PATH])
{
  GetModuleFileNameW(NULL, folder, MAX_PATH);
  wcsrchr(folder, L'\\')[1] = 0;
}

struct pipe {
  HANDLE read, write;
};

/* The end that the program gets can be inherited, the other cannot. */
static BOOL make_pipe(struct pipe *pipe, BOOL program_writes)
{
  SECURITY_ATTRIBUTES inherit = {sizeof inherit, NULL, TRUE};

  return CreatePipe(&pipe->read, &pipe->write, &inherit, 0) &&
         SetHandleInformation(program_writes ? pipe->read : pipe->write, HANDLE_FLAG_INHERIT, 0);
}

struct reading {
  HANDLE from;
  char *text;
  DWORD size;
};

/* Carriage returns are dropped. */
static DWORD WINAPI read_all(void *argument)
{
  struct reading *const reading = argument;
  DWORD length = 0, got;
  char chunk[512];

  while (ReadFile(reading->from, chunk, sizeof chunk, &got, NULL) && got > 0)
    for (DWORD i = 0; i < got; i++)
      if (chunk[i] != '\r' && length + 1 < reading->size)
        reading->text[length++] = chunk[i];
  reading->text[length] = '\0';
  return 0;
}

static BOOL start(PROCESS_INFORMATION *process, const WCHAR *arguments, HANDLE in, HANDLE out,
                  HANDLE err)
{
  STARTUPINFOW info = {.cb = sizeof info, .dwFlags = STARTF_USESTDHANDLES};
  WCHAR folder[MAX_PATH], command[2048];

  test_folder(folder);
  swprintf(command, sizeof command / sizeof command[0], L"\"%lsws2spi.exe\" %ls", folder,
           arguments);
  info.hStdInput = in;
  info.hStdOutput = out;
  info.hStdError = err;
  return CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &info, process);
}

static void wait_for_end(struct program_result *result, const PROCESS_INFORMATION *process)
{
  WaitForSingleObject(process->hProcess, INFINITE);
  GetExitCodeProcess(process->hProcess, &result->exit_code);
  CloseHandle(process->hThread);
  CloseHandle(process->hProcess);
}

/* Both outputs are read at the same time, so that neither pipe fills up. */
static void communicate(struct program_result *result, HANDLE in, const char *input, HANDLE out,
                        HANDLE err)
{
  struct reading reading_out = {out, result->out, sizeof result->out};
  struct reading reading_err = {err, result->err, sizeof result->err};
  const HANDLE thread = CreateThread(NULL, 0, read_all, &reading_err, 0, NULL);
  DWORD written;

  WriteFile(in, input, (DWORD)strlen(input), &written, NULL);
  CloseHandle(in);
  read_all(&reading_out);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
}

static void forget(struct program_result *result)
{
  memset(result, 0, sizeof *result);
  result->exit_code = (DWORD)-1;
}

void run_program(struct program_result *result, const WCHAR *arguments, const char *input)
{
  PROCESS_INFORMATION process;
  struct pipe in, out, err;
  BOOL started;

  forget(result);
  if (!make_pipe(&in, FALSE) || !make_pipe(&out, TRUE) || !make_pipe(&err, TRUE))
    return;
  started = start(&process, arguments, in.read, out.write, err.write);
  CloseHandle(in.read);
  CloseHandle(out.write);
  CloseHandle(err.write);
  if (started) {
    communicate(result, in.write, input, out.read, err.read);
    wait_for_end(result, &process);
  } else {
    CloseHandle(in.write);
  }
  CloseHandle(out.read);
  CloseHandle(err.read);
}

void run_program_to(struct program_result *result, const WCHAR *arguments, HANDLE out)
{
  struct reading reading = {NULL, result->err, sizeof result->err};
  PROCESS_INFORMATION process;
  struct pipe err;
  BOOL started;

  forget(result);
  if (!make_pipe(&err, TRUE))
    return;
  started = start(&process, arguments, NULL, out, err.write);
  CloseHandle(err.write);
  reading.from = err.read;
  if (started) {
    read_all(&reading);
    wait_for_end(result, &process);
  }
  CloseHandle(err.read);
}
