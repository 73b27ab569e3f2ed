# shellcheck shell=sh
# Shared by the tests of this folder. Each reads it, and is run as
#   sh tests/scripts/NAME FOLDER
# with a folder of its own to work in. A test is a function that runs in a shell of its own,
# with `set -eu`; the lines printed are cmocka's, which tests/run counts.

tree=$(cd "$(dirname "$0")/../.." && pwd)
work=$1
rm -rf "$work"
mkdir -p "$work"

# Says why a test fails.
fail() { printf '%s\n' "failed: $*" >&2; exit 1; }
must_contain() { grep -qF -e "$2" "$1" || { cat "$1" >&2; fail "$1 does not contain: $2"; }; }
must_not_contain() { ! grep -qF -e "$2" "$1" || { cat "$1" >&2; fail "$1 contains: $2"; }; }
must_be() { [ "$1" = "$2" ] || fail "$3 is '$1' and should be '$2'"; }

# The command must fail, with one line on standard error that contains $1.
must_fail_saying() {
  said=$1
  shift
  status=0
  "$@" >"$work/output" 2>"$work/errors" || status=$?
  [ "$status" -ne 0 ] || { cat "$work/output"; fail "should have failed: $*"; }
  must_be "$(wc -l <"$work/errors")" 1 "the count of lines on standard error ($(cat "$work/errors"))"
  must_contain "$work/errors" "$said"
}

# A program $1 that is found before the system's, with the script on standard input.
fakes=$work/fakes
fake() {
  mkdir -p "$fakes"
  { echo '#!/bin/sh'; cat; } >"$fakes/$1"
  chmod +x "$fakes/$1"
}

# $1: why no test of this file can run here, or nothing.
run_tests() {
  reason=$1
  shift
  passed=0
  echo "[==========] scripts: Running $# test(s)."
  if [ -n "$reason" ]; then
    for name; do echo "[  SKIPPED ] $name"; done
    echo "not run: $reason"
    echo "[  SKIPPED ] $# test(s)."
    exit 0
  fi
  total=$#
  for name; do
    echo "[ RUN      ] $name"
    (set -eu; "$name")
    # The status of a list whose commands must stop at the first error.
    # shellcheck disable=SC2181
    if [ $? -eq 0 ]; then
      echo "[       OK ] $name"
      passed=$((passed + 1))
    else
      echo "[  FAILED  ] $name"
    fi
  done
  echo "[  PASSED  ] $passed test(s)."
  [ "$passed" -eq "$total" ]
}

# --- a checkout with the scripts under test and stand-ins for the others ---------------

checkout=$work/checkout

# The stand-ins note that they ran, and wait at the moment that a test asks for: they tell it
# that they are there by one pipe, and wait for another. In the tiny root that the stand-in
# for debootstrap makes there is a shell and nothing else, so they use nothing else.
new_checkout() {
  rm -rf "$checkout" "$fakes"
  mkdir -p "$checkout/tests" "$checkout/build/on/trixie/build"
  cp "$tree/tests/on" "$tree/tests/release_root" "$tree/tests/apt_sources.sh" "$checkout/tests"
  cat >"$checkout/tests/moments.sh" <<'END'
# $1: a folder; $2: the name of a moment.
moment() {
  echo "$2" >>"$1/moments"
  [ ! -p "$1/$2.reached" ] || { echo "$2" >"$1/$2.reached"; read -r line <"$1/$2.go_on"; }
}
END
  cat >"$checkout/tests/provision" <<'END'
[ "$1" != debootstrap ] || exit 0
. /checkout/tests/moments.sh
moment /checkout/build provision
[ ! -f /checkout/build/provision.fails ] || exit 1
END
  cat >"$checkout/tests/run" <<'END'
. /checkout/tests/moments.sh
moment /checkout/build suite
printf '%s\n' "$*" >/checkout/build/arguments
while read -r line; do printf '%s\n' "$line"; done </proc/mounts >/checkout/build/mounts
if (: >/checkout/written) 2>/dev/null; then echo 'the checkout can be written'; fi
(: >/dev/null) && (: >/dev/shm/file) && echo 'the devices work'
echo '3 passed, 1 failed'
exit 1
END
  fake debootstrap <<'END'
. tests/moments.sh
printf '%s\n' "$*" >build/on/trixie/build/debootstrap.arguments
moment build/on/trixie/build debootstrap
[ ! -f build/on/trixie/build/debootstrap.fails ] || { echo 'E: it failed'; exit 1; }
for argument; do
  case $argument in -*|trixie|http:*) ;; *) root=$argument ;; esac
done
mkdir -p "$root/bin" "$root/proc" "$root/dev" "$root/etc/apt/apt.conf.d"
cp /bin/sh "$root/bin/sh"
ldd /bin/sh | grep -o '/[^ ]*' | while read -r library; do cp -L --parents "$library" "$root"; done
END
  fake apt-get <<'END'
for suite in bookworm trixie; do
  echo "$suite main http://archive.example/debian/"
  echo "$suite-updates main http://archive.example/debian/"
  echo "$suite-security main http://security.example/"
done
END
  fake apt-config <<'END'
case $1 in
  shell) echo "$2='http://proxy.example:3128'" ;;
  dump) echo 'Acquire::http::Proxy "http://proxy.example:3128";'; echo 'APT::Other "1";' ;;
esac
END
}

# tests/on of that checkout; the first in place of the shell, so that in the background the
# shell's process is the run's.
become_run() { cd "$checkout" && PATH=$fakes:$PATH XDG_CACHE_HOME=$work/cache exec sh tests/on "$@"; }
run_on() { (become_run "$@"); }

# Mounts of the host in that checkout.
must_have_no_mounts() {
  must_not_contain /proc/self/mountinfo "$checkout"
}

# Prints the reason why tests/on cannot work here, or nothing.
why_no_namespaces() {
  if [ "$(id -u)" -ne 0 ]; then echo 'only root can make the mounts'
  elif ! unshare --mount --propagation private --pid --fork --mount-proc true 2>/dev/null; then
    echo 'this machine allows no namespaces'
  fi
}
