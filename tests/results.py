"""Prints the results of the last .ci/run, from its logs in build/ci.

usage: python3 tests/results.py             prints the results
       python3 tests/results.py --update    writes them into tests/README.md
"""
import os
import platform
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOGS = os.path.join(ROOT, "build", "ci")
MANUAL = os.path.join(ROOT, "tests", "README.md")
BEGIN = "<!-- results of .ci/run: written by tests/results.py, not by hand -->"
END = "<!-- end of the results -->"
VERDICT = re.compile(r"^(\d+ passed, \d+ failed|(?:lint|coverage): (?:passed|failed))$", re.M)


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def parts():
    """(name, command, whether it ended well, seconds, log), in the order in which they ran."""
    for line in read(os.path.join(LOGS, "parts.tsv")).splitlines():
        name, command, status, seconds = line.split("\t")
        yield name, command, status == "0", int(seconds), read(os.path.join(LOGS, name + ".log"))


def verdict(log, ended_well):
    """The last one in the log; a part can end without any, or badly after a good one."""
    found = VERDICT.findall(log)
    if not found:
        return "broke off"
    text = found[-1].replace("lint: ", "").replace("coverage: ", "")
    return text if ended_well or "failed" in text else text + ", and ended badly"


def notes(log):
    """The lines of tests/run on injected failures and on the schedules of the models."""
    return re.findall(r"^== (\d+ failures of the system injected.*|model .* schedules .*)$", log, re.M)


def coverage_table(log):
    row = re.compile(r"^(\w+) +(\d+) of +(\d+) +([\d.]+) % +(\d+) of +(\d+) +([\d.]+) %", re.M)
    lines = [f"| {room} | {percent} % of {int(all_lines):,} | {taken} % of {int(branches):,} |"
             for room, _, all_lines, percent, _, branches, taken in row.findall(log)]
    return ["", "| Room | Lines covered | Branches covered |", "|---|---|---|", *lines] if lines else []


def system_name():
    for line in read("/etc/os-release").splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip('"')
    return platform.system()


def results():
    rows, remarks, tables = [], [], []
    total = 0
    for name, command, ended_well, seconds, log in parts():
        total += seconds
        rows.append(f"| {name.replace('_', ' ')} | `{command}` | {verdict(log, ended_well)} | {seconds / 60:.0f} |")
        remarks += [f"- `{command}`: {note}" for note in notes(log)]
        tables += coverage_table(log)
    return "\n".join([
        f"{system_name()}, {os.cpu_count()} processors, {total / 60:.0f} minutes in all.", "",
        "| Part | Command | Result | Minutes |", "|---|---|---|---|", *rows,
        *([""] + remarks if remarks else []), *tables, ""])


def update(text):
    manual = read(MANUAL)
    if manual.count(BEGIN) != 1 or manual.count(END) != 1:
        raise SystemExit(f"results: {MANUAL} has no place for them: it needs the lines '{BEGIN}' and '{END}'")
    before, rest = manual.split(BEGIN)
    with open(MANUAL, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n\n{text}\n{END}{rest.split(END)[1]}")


def main(arguments):
    if arguments not in ([], ["--update"]):
        raise SystemExit("usage: python3 tests/results.py [--update]")
    try:
        text = results()
    except (OSError, ValueError) as error:
        raise SystemExit(f"results: the logs of .ci/run in {LOGS} cannot be read ({error}): run it first")
    if arguments:
        update(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main(sys.argv[1:])
