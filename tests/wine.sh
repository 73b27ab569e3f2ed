# shellcheck shell=sh
# One Wine server and one desktop for a whole run; read by scripts that run tests, with
# the build folder in $build.
#
# Without the server's -p one starts and ends with every test. The process that owns
# Wine's desktop is started by the first program with a window, inherits its standard
# error, and lives as long as any program has a window: CTest would wait for the end of
# that output until the test's time is over. So the desktop is started here, and Notepad,
# which does nothing, keeps it.

WINEPREFIX=${build:?}/wine WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES

wine_server() { "$(command -v wineserver || echo /usr/lib/wine/wineserver)" "$@" 2>/dev/null; }

# Under x86-64 the kernel may put a new process's heap where Wine 8 needs a page of its own
# (0x7ffe0000): about one program in 6,000 does not start (ERROR_INTERNAL_ERROR from
# CreateProcess). Without the kernel's address randomization, which children inherit, it
# never does; a container that forbids the switch runs with the risk.
without_randomization() {
  if setarch -R true 2>/dev/null; then setarch -R "$@"; else "$@"; fi
}

# The first program of each word size takes seconds, which no test should pay for.
start_wine() {
  trap 'wine_server -k' EXIT
  trap 'exit 130' INT TERM HUP
  wine_server -p
  without_randomization wine cmd /c exit && wine 'C:\windows\syswow64\cmd.exe' /c exit && start_desktop
}

# rundll32 makes a window before it calls anything, and ends when that desktop stands.
start_desktop() {
  without_randomization wine notepad </dev/null >/dev/null 2>&1 &
  without_randomization wine rundll32 kernel32.dll,GetTickCount </dev/null >/dev/null 2>&1
}
