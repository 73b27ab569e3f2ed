/* Lies between an emulated i386 program and its SIGSEGV handler.
 *
 * QEMU (7.2 and 10.0 seen) leaves the trap number of a signal frame at -1. Wine tells by that
 * number what happened, and takes every page fault for an illegal instruction. So the
 * number is put in here, from what the signal itself says.
 *
 * Built without headers, since those of i386 are on few machines. */

typedef struct {
  int number;
  int error;
  int code;
} signal_information;

typedef void (*signal_handler)(int, signal_information *, void *);

struct action {
  signal_handler handler;
  unsigned char rest[136]; /* mask, flags, restorer */
};

enum { SEGV = 11, MAP_ERROR = 1, ACCESS_ERROR = 2 };
enum { GENERAL_PROTECTION = 13, PAGE_FAULT = 14 };
enum { TRAP_NUMBER = 5 + 12 }; /* in words of an ucontext_t: gregs[REG_TRAPNO] */

int __sigaction(int number, const struct action *action, struct action *old);
int unsetenv(const char *name);
int sigaction(int number, const struct action *action, struct action *old);

static signal_handler handler;

static void on_fault(int number, signal_information *information, void *context)
{
  int *trap = (int *)context + TRAP_NUMBER;
  const int is_page_fault = information->code == MAP_ERROR || information->code == ACCESS_ERROR;

  if (*trap == -1)
    *trap = is_page_fault ? PAGE_FAULT : GENERAL_PROTECTION;
  handler(number, information, context);
}

/* Wine sets its handler once, with SA_SIGINFO, and asks for the old one nowhere. */
int sigaction(int number, const struct action *action, struct action *old)
{
  struct action ours;

  if (number != SEGV || action == 0 || (unsigned long)action->handler <= 1)
    return __sigaction(number, action, old);
  ours = *action;
  ours.handler = on_fault;
  handler = action->handler;
  return __sigaction(number, &ours, old);
}

/* It is put back for i386 programs, and x86-64 ones would only complain of it. */
__attribute__((constructor)) static void hide_from_children(void)
{
  unsetenv("LD_PRELOAD");
}
