"""Runs the code blocks of the documents, in the order in which they stand.

usage: run_blocks.py FOLDER [DOCUMENT ...]

FOLDER receives a copy of the tree, without build and .git, for each document. There
  sh     blocks run in one shell per document, so that variables and the folder last,
  c and cmake blocks whose first line is a comment with a path are written to that path,
  text   blocks directly after an sh block must be its output; a line "..." stands for any lines.
Any other block needs a row in not_run.list, with its reason.
"""
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "not_run.list")
TIME_LIMIT = 800


class Block:
    def __init__(self, language, line):
        self.language = language
        self.line = line
        self.lines = []
        self.reason = None

    def text(self):
        return "".join(line + "\n" for line in self.lines)

    def target(self):
        """The path in a first line such as /* build/first.c */ or # CMakeLists.txt."""
        match = re.fullmatch(r"(?:/\*|#|//) ([\w./-]+)(?: \*/)?", self.lines[0]) if self.lines else None
        return match.group(1) if match and self.language in ("c", "cmake", "cpp") else None


def read_blocks(text):
    blocks, block, indent = [], None, ""
    for number, line in enumerate(text.split("\n"), 1):
        fence = re.match(r"( *)```(.*)$", line)
        if fence and block is None:
            indent, block = fence.group(1), Block(fence.group(2).strip(), number)
        elif fence:
            blocks.append(block)
            block = None
        elif block is not None:
            block.lines.append(line[len(indent):] if line.startswith(indent) else line)
    if block is not None:
        raise ValueError("line %d: the block has no end" % block.line)
    return blocks


def read_rows(text):
    rows = []
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            document, rest = line.split(": ", 1)
            first, separator, reason = rest.rpartition(": ")
            if not separator or not first or not reason:
                raise ValueError("not 'document: first line: reason': " + line)
            rows.append((document, first, reason))
    return rows


def apply_rows(rows, blocks_of):
    """Marks the blocks that are not run; returns what is wrong with the list."""
    problems = []
    for document, first, reason in rows:
        matches = [b for b in blocks_of.get(document, []) if b.lines and b.lines[0] == first]
        if len(matches) != 1:
            problems.append("not_run.list: %d blocks of %s begin with '%s'" % (len(matches), document, first))
        for block in matches:
            block.reason = reason
    return problems


def check_kinds(document, blocks):
    """Each block must be one that can be run or compared."""
    problems, before = [], None
    for block in blocks:
        runs = block.reason is not None or block.language == "sh" or block.target() is not None
        compares = block.language == "text" and before is not None and before.language == "sh" and not before.reason
        if not runs and not compares:
            problems.append("%s:%d: this %s block is neither run nor in not_run.list"
                            % (document, block.line, block.language or "unnamed"))
        before = block
    return problems


def shell_script(blocks, scratch):
    """One script for a document. The number of the block that runs is in a file of its own."""
    parts = ["set -eu"]
    for number, block in enumerate(blocks):
        if block.reason is not None:
            continue
        if block.language == "sh":
            parts.append("echo %d >'%s/block'" % (number, scratch))
            parts.append("{\n%s} >'%s/%d.out' 2>&1" % (block.text(), scratch, number))
        elif block.target():
            with open("%s/%d.source" % (scratch, number), "w", encoding="utf-8") as source:
                source.write(block.text())
            parts.append('mkdir -p "$(dirname %s)" && cp \'%s/%d.source\' %s'
                         % (block.target(), scratch, number, block.target()))
    return "\n".join(parts) + "\n"


def matches(expected, printed):
    pattern = ""
    for line in expected.split("\n")[:-1]:
        pattern += r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line) + "\n"
    return re.fullmatch(pattern, printed.replace("\r", "")) is not None


def output_of(scratch, number):
    with open("%s/%d.out" % (scratch, number), encoding="utf-8", errors="replace") as file:
        return file.read()


def not_of_the_tree(folder, names):
    """The names that a copy leaves out: git is not asked, since the roots of tests/on have none."""
    return [name for name in names if name == "__pycache__" or folder == ROOT and name in ("build", ".git")]


def copy_tree(folder):
    shutil.copytree(ROOT, folder, ignore=not_of_the_tree)


def documents():
    """The paths of all documents, relative to the tree; those in lint_faults are faulty on purpose."""
    for folder, folders, files in os.walk(ROOT):
        left_out = not_of_the_tree(folder, folders) + ["lint_faults"]
        folders[:] = sorted(name for name in folders if name not in left_out)
        yield from (os.path.relpath(os.path.join(folder, name), ROOT) for name in sorted(files) if name.endswith(".md"))


def run_document(document, blocks, folder):
    if not any(block.language == "sh" and block.reason is None for block in blocks):
        return []
    tree, scratch = os.path.join(folder, "tree"), os.path.join(folder, "blocks")
    os.makedirs(scratch)
    copy_tree(tree)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WINE")}
    script = shell_script(blocks, scratch)
    status = subprocess.run(["setsid", "sh", "-c", script], cwd=tree, env=environment, stdin=subprocess.DEVNULL,
                            timeout=TIME_LIMIT).returncode
    if status != 0:
        with open(os.path.join(scratch, "block"), encoding="utf-8") as file:
            number = int(file.read())
        return ["%s:%d: the block ended with %d\n%s"
                % (document, blocks[number].line, status, output_of(scratch, number))]
    return compare_outputs(document, blocks, scratch)


def compare_outputs(document, blocks, scratch):
    problems = []
    for number, block in enumerate(blocks):
        if block.language == "text" and block.reason is None:
            printed = output_of(scratch, number - 1)
            if not matches(block.text(), printed):
                problems.append("%s:%d: the block before printed\n%s" % (document, block.line, printed))
    return problems


def end_wine(folder):
    prefix = os.path.join(folder, "tree", "build", "wine")
    server = shutil.which("wineserver") or "/usr/lib/wine/wineserver"
    if os.path.isdir(prefix):
        subprocess.run([server, "-k"], env=dict(os.environ, WINEPREFIX=prefix), stderr=subprocess.DEVNULL)


def main(arguments):
    folder, chosen = os.path.abspath(arguments[0]), arguments[1:]
    names = list(documents())
    blocks_of = {}
    for name in names:
        with open(os.path.join(ROOT, name), encoding="utf-8") as file:
            blocks_of[name] = read_blocks(file.read())
    with open(LIST, encoding="utf-8") as file:
        problems = apply_rows(read_rows(file.read()), blocks_of)
    ran = 0
    for name in chosen or names:
        wrong = check_kinds(name, blocks_of[name])
        if not wrong:
            place = os.path.join(folder, name.replace("/", "_"))
            shutil.rmtree(place, ignore_errors=True)
            try:
                wrong = run_document(name, blocks_of[name], place)
            finally:
                end_wine(place)
            ran += sum(block.reason is None for block in blocks_of[name])
            if not wrong:
                shutil.rmtree(place, ignore_errors=True)
        problems += wrong
    print("%d blocks of %d documents" % (ran, len(chosen or names)))
    print("\n".join(problems))
    return 1 if problems or ran == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
