#!/usr/bin/env python3
"""Adds up what gcov counted in the build folders of the presets that are named.

Prints lines and branches for each room of src. In the rooms that must be covered
every line must have run, or have its reason: a comment
    /* not covered: why no test can run this */
on the line or just above, or just above the first of several lines of one function that
did not run. A reason beside a line that ran is false, and a failure too. At least 95 % of
the branches must have been taken.
"""

import glob
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MUST_BE_COVERED = ("blocking", "catalog", "host", "sockets", "stores", "upcalls", "winsock", "wsc")
LEAST_BRANCHES = 95.0
REASON = "/* not covered: "
GCOV = "x86_64-w64-mingw32-gcov"  # reads what the compilers of both word sizes wrote


def gcov(notes):
    """Returns what gcov prints for one object file, as JSON."""
    answer = subprocess.run(
        [GCOV, "--branch-counts", "--branch-probabilities", "--json-format", "--stdout", notes],
        capture_output=True, check=True, cwd=os.path.dirname(notes))
    return [json.loads(line) for line in answer.stdout.splitlines()]


class Counts:
    """For each line of each file: how often it ran, and how often each branch was taken.

    Lines of inline functions are in many objects, and nearly all lines are in the builds
    of both word sizes: what ran in one of them ran."""

    def __init__(self):
        self.lines = {}
        self.branches = {}

    def add(self, preset):
        found = glob.glob(f"{ROOT}/build/{preset}/src/**/*.gcno", recursive=True)
        if not found:
            sys.exit(f"coverage: no counters in build/{preset}")
        for notes in found:
            for part in gcov(notes):
                for file in part["files"]:
                    self.add_file(file)

    def add_file(self, file):
        path = os.path.relpath(file["file"], ROOT)
        # The folder may still hold what was built of a file that has been removed since.
        if not path.startswith("src/") or not os.path.exists(file["file"]):
            return
        for line in file["lines"]:
            place = path, line["line_number"]
            self.lines[place] = self.lines.get(place, 0) + line["count"]
            taken = [branch["count"] for branch in line["branches"]]
            # If the word sizes compile a line to different branches, both count.
            key = place + (line.get("function_name", ""), len(taken))
            before = self.branches.setdefault(key, [0] * len(taken))
            self.branches[key] = [one + other for one, other in zip(before, taken)]


def room_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else "(src)"


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def comment_above(text, number):
    """The comment that ends on the line above, which may take several lines."""
    first = number - 1
    if first < 1 or not text[first - 1].rstrip().endswith("*/"):
        return ""
    while first > 1 and "/*" not in text[first - 1]:
        first -= 1
    if not text[first - 1].lstrip().startswith("/*"):
        return ""  # of the code before it, on whose line it stands
    return "\n".join(text[first - 1:number - 1])


def has_reason(text, stretch, number):
    """Whether a reason stands at the line or at one above it in the stretch."""
    return any(REASON in text[line - 1] or REASON in comment_above(text, line)
               for line in stretch if line <= number)


def source(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return file.read().split("\n")


def lines_of(counts, path):
    """The numbers of the lines of the file that have code."""
    return sorted(line for file, line in counts.lines if file == path)


def same_function(text, line, later):
    """Functions end with a brace in the first column."""
    return not any(between.startswith("}") for between in text[line - 1:later - 1])


def stretches(counts, path, text):
    """The lines of the file that did not run, in lists of neighbours in one function."""
    now = []
    for number in lines_of(counts, path):
        ran = counts.lines[path, number] > 0
        if now and (ran or not same_function(text, now[-1], number)):
            yield now
            now = []
        if not ran:
            now.append(number)
    if now:
        yield now


def uncovered(counts, path):
    """Lines that did not run, as (number, text, has a reason)."""
    text = source(path)
    for stretch in stretches(counts, path, text):
        for number in stretch:
            yield number, text[number - 1], has_reason(text, stretch, number)


def false_reasons(counts, path):
    """Lines that did run although a reason why not stands beside them."""
    text = source(path)
    for number in lines_of(counts, path):
        if counts.lines[path, number] > 0 and has_reason(text, [number], number):
            yield number, text[number - 1]


def main(presets):
    counts = Counts()
    for preset in presets:
        counts.add(preset)
    verdict = True
    print(f"{'room':12}{'lines':>12}{'':8}{'branches':>12}")
    rooms = sorted({room_of(path) for path, _ in counts.lines})
    without_reason = []
    for room in rooms:
        lines = [n for (path, _), n in counts.lines.items() if room_of(path) == room]
        taken = [n for key, all_of in counts.branches.items() if room_of(key[0]) == room for n in all_of]
        ran, went = sum(n > 0 for n in lines), sum(n > 0 for n in taken)
        must = room in MUST_BE_COVERED
        enough = percent(went, len(taken)) >= LEAST_BRANCHES
        print(f"{room:12}{ran:5} of {len(lines):4}{percent(ran, len(lines)):6.1f} %"
              f"{went:6} of {len(taken):4}{percent(went, len(taken)):6.1f} %"
              + ("  too few branches" if must and not enough else ""))
        verdict = verdict and (enough or not must)
    for path in sorted({path for path, _ in counts.lines if room_of(path) in MUST_BE_COVERED}):
        for number, text, reason in uncovered(counts, path):
            print(f"{path}:{number}:{'' if reason else ' NO REASON:'} {text.strip()}")
            if not reason:
                without_reason.append((path, number))
        for number, text in false_reasons(counts, path):
            print(f"{path}:{number}: RAN, AND HAS A REASON WHY NOT: {text.strip()}")
            verdict = False
    if without_reason:
        print(f"{len(without_reason)} lines did not run and have no reason beside them")
        verdict = False
    print(f"coverage: {'passed' if verdict else 'failed'}")
    return 0 if verdict else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
