"""Packs a folder into a zip whose bytes depend on the names and contents of its files only.

usage: zip.py PARENT FOLDER OUTPUT

CMake's own zip files have the owner of each file in them, and the time in the local zone.
"""
import pathlib
import sys
import zipfile

parent, folder, output = sys.argv[1:]
# The earliest that a zip can state.
TIME = (1980, 1, 1, 0, 0, 0)
REGULAR_FILE_READABLE_BY_ALL = 0o100644 << 16
MADE_ON_UNIX = 3

files = sorted(path.relative_to(parent).as_posix()
               for path in pathlib.Path(parent, folder).rglob("*") if path.is_file())
with zipfile.ZipFile(output, "w") as archive:
    for name in files:
        entry = zipfile.ZipInfo(name, TIME)
        entry.create_system = MADE_ON_UNIX
        entry.external_attr = REGULAR_FILE_READABLE_BY_ALL
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, pathlib.Path(parent, name).read_bytes(), compresslevel=9)
