#include "platform/guarded_access.h"

#include "platform/windows_headers.h"

/* These functions are assembly because the handler must know exactly which instructions are
 * guarded, and where to continue after a fault. The C compiler has no __try, and a vectored
 * handler would be called for every fault of the process. Nothing is unwound after a fault: the
 * handler sets the instruction pointer to the function's failure exit, and the thread continues
 * there. */

static BOOL guarded_is_access_fault(DWORD code)
{
  return code == (DWORD)EXCEPTION_ACCESS_VIOLATION || code == (DWORD)EXCEPTION_GUARD_PAGE ||
         code == (DWORD)EXCEPTION_IN_PAGE_ERROR || code == (DWORD)EXCEPTION_DATATYPE_MISALIGNMENT;
}

#ifdef _WIN64

/* The handler data of each function is the address of its failure exit, relative to the image. */
EXCEPTION_DISPOSITION guarded_fault(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                    DISPATCHER_CONTEXT *dispatcher);
EXCEPTION_DISPOSITION guarded_fault(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                    DISPATCHER_CONTEXT *dispatcher)
{
  (void)frame;
  if (!guarded_is_access_fault(record->ExceptionCode))
    return ExceptionContinueSearch;
  context->Rip = dispatcher->ImageBase + *(const DWORD *)dispatcher->HandlerData;
  return ExceptionContinueExecution;
}

#define GUARDED_LEAF(name, body, on_success, on_failure)                                           \
  __asm__(".text\n"                                                                                \
          ".globl " #name "\n"                                                                     \
          ".p2align 4\n"                                                                           \
          ".seh_proc " #name "\n" #name ":\n"                                                      \
          ".seh_handler guarded_fault, @except\n"                                                  \
          ".seh_handlerdata\n"                                                                     \
          ".rva " #name "_failed\n"                                                                \
          ".text\n"                                                                                \
          ".seh_endprologue\n" body on_success "  ret\n" #name "_failed:\n" on_failure             \
          ".seh_endproc\n")

#define GUARDED_TEST(name, body)                                                                   \
  GUARDED_LEAF(name, body, "  movl $1, %eax\n", "  xorl %eax, %eax\n  ret\n")

GUARDED_TEST(guarded_store_int, "  movl %edx, (%rcx)\n");
GUARDED_TEST(guarded_store_pointer, "  movq %rdx, (%rcx)\n");
GUARDED_TEST(guarded_touch, "  lock orb $0, (%rcx)\n");
GUARDED_TEST(guarded_touch_int, "  orl $0, (%rcx)\n");
GUARDED_LEAF(guarded_store_query,
             "  movq 40(%rsp), %r10\n"
             "  orl $0, (%r10)\n"
             "  movq %rdx, (%rcx)\n"
             "  movq %r9, (%r8)\n",
             "  xorl %eax, %eax\n", "  jmp *48(%rsp)\n");

__asm__(".text\n"
        ".globl guarded_copy\n"
        ".p2align 4\n"
        ".seh_proc guarded_copy\n"
        "guarded_copy:\n"
        "  pushq %rdi\n"
        ".seh_pushreg %rdi\n"
        "  pushq %rsi\n"
        ".seh_pushreg %rsi\n"
        ".seh_handler guarded_fault, @except\n"
        ".seh_handlerdata\n"
        ".rva guarded_copy_failed\n"
        ".text\n"
        ".seh_endprologue\n"
        "  movq %rcx, %rdi\n"
        "  movq %rdx, %rsi\n"
        "  movq %r8, %rcx\n"
        "  rep movsb\n"
        "  movl $1, %eax\n"
        "  jmp guarded_copy_return\n"
        "guarded_copy_failed:\n"
        "  xorl %eax, %eax\n"
        "guarded_copy_return:\n"
        "  popq %rsi\n"
        "  popq %rdi\n"
        "  ret\n"
        ".seh_endproc\n");

#else

/* The system's two fields, and the address of the failure exit. At that exit the stack pointer
 * is the address of this record. */
struct guarded_registration {
  void *next;
  void *handler;
  DWORD failure_exit;
};

EXCEPTION_DISPOSITION __cdecl guarded_fault(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                            void *dispatcher);
EXCEPTION_DISPOSITION __cdecl guarded_fault(EXCEPTION_RECORD *record, void *frame, CONTEXT *context,
                                            void *dispatcher)
{
  (void)dispatcher;
  if (!guarded_is_access_fault(record->ExceptionCode))
    return ExceptionContinueSearch;
  context->Eip = ((const struct guarded_registration *)frame)->failure_exit;
  context->Esp = (DWORD)(uintptr_t)frame;
  return ExceptionContinueExecution;
}

#define GUARDED_LEAVE                                                                              \
  "  popl %fs:0\n"                                                                                 \
  "  addl $8, %esp\n"                                                                              \
  "  popl %edi\n"                                                                                  \
  "  popl %esi\n"                                                                                  \
  "  popl %ebp\n"

#define GUARDED_FUNCTION(name, body, on_success, on_failure)                                       \
  __asm__(".text\n"                                                                                \
          ".globl _" #name "\n"                                                                    \
          ".p2align 4\n"                                                                           \
          "_" #name ":\n"                                                                          \
          "  pushl %ebp\n"                                                                         \
          "  movl %esp, %ebp\n"                                                                    \
          "  pushl %esi\n"                                                                         \
          "  pushl %edi\n"                                                                         \
          "  pushl $_" #name "_failed\n"                                                           \
          "  pushl $_guarded_fault\n"                                                              \
          "  pushl %fs:0\n"                                                                        \
          "  movl %esp, %fs:0\n" body on_success GUARDED_LEAVE "  ret\n"                           \
          "_" #name "_failed:\n" GUARDED_LEAVE on_failure)

#define GUARDED_TEST(name, body)                                                                   \
  GUARDED_FUNCTION(name, body, "  movl $1, %eax\n", "  xorl %eax, %eax\n  ret\n")

GUARDED_TEST(guarded_store_int, "  movl 8(%ebp), %ecx\n"
                                "  movl 12(%ebp), %edx\n"
                                "  movl %edx, (%ecx)\n");
GUARDED_TEST(guarded_store_pointer, "  movl 8(%ebp), %ecx\n"
                                    "  movl 12(%ebp), %edx\n"
                                    "  movl %edx, (%ecx)\n");
GUARDED_TEST(guarded_touch, "  movl 8(%ebp), %ecx\n"
                            "  lock orb $0, (%ecx)\n");
GUARDED_TEST(guarded_touch_int, "  movl 8(%ebp), %ecx\n"
                                "  orl $0, (%ecx)\n");
GUARDED_FUNCTION(guarded_store_query,
                 "  movl 24(%ebp), %ecx\n"
                 "  orl $0, (%ecx)\n"
                 "  movl 8(%ebp), %ecx\n"
                 "  movl 12(%ebp), %edx\n"
                 "  movl %edx, (%ecx)\n"
                 "  movl 16(%ebp), %ecx\n"
                 "  movl 20(%ebp), %edx\n"
                 "  movl %edx, (%ecx)\n",
                 "  xorl %eax, %eax\n", "  jmp *24(%esp)\n");
GUARDED_TEST(guarded_copy, "  movl 8(%ebp), %edi\n"
                           "  movl 12(%ebp), %esi\n"
                           "  movl 16(%ebp), %ecx\n"
                           "  rep movsb\n");

#endif
