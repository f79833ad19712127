"""The files of the runtime's image: what scripts/make_image.sh gives to an engine.

    .venv/bin/python -m scripts.runtime_image labels
    .venv/bin/python -m scripts.runtime_image tar | docker import - NAME

The image holds the machine-learning runtime, the interpreter with its standard library, and the
system's libraries that these are linked with, and nothing else of this machine. The interpreter and
the libraries keep their paths (an interpreter that is moved silently loads another library of its
own); the environment always lies at the same place, wherever it is here.
"""

import hashlib
import io
import os
import re
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from evaluators.errors import InfrastructureError
from evaluators.sandbox.runtime import runtime_find, runtime_folder

PLACE = Path("/opt/springboard/runtime")
PYTHON_LABEL = "org.springboard.python"
PACKAGES_LABEL = "org.springboard.packages-digest"
CONTENT_LABEL = "org.springboard.content"
# No model needs them: other packages than the runtime's, tests, windows, a library to link with.
LEFT_OUT = re.compile("site-packages|dist-packages|test|idlelib|tkinter|turtledemo|config-.*")
# An environment's settings may hold an index's password; they and its scripts name paths of here.
PRIVATE = re.compile(r"pip\.conf|pyvenv\.cfg|bin|include|share")
MOUNT_POINTS = {"tmp": 0o1777, "dev": 0o755, "proc": 0o555, "sys": 0o555, "job": 0o755}
MADE = {
    "etc/passwd": b"root:x:0:0::/:/sbin/nologin\nsandbox:x:1000:1000::/tmp:/sbin/nologin\n",
    "etc/group": b"root:x:0:\nsandbox:x:1000:\n",
}
SETTINGS = "home = {home}\ninclude-system-site-packages = false\n"
_STANDARD_LIBRARY = "import sysconfig; print(sysconfig.get_path('stdlib'))"
_LIBRARY = re.compile(r"^\s+(?:\S+ => )?(/\S+) \(0x", re.MULTILINE)
# Below the limit of a command line's length.
LDD_FILES = 500


class Tree:
    """Files to pack.

    Attributes:
        paths: where each file, folder and symbolic link of the image lies here.
    """

    def __init__(self) -> None:
        self.paths: dict[Path, Path] = {}

    def file_add(self, path: Path) -> None:
        """Adds a file at its own path, with the folders and symbolic links that lead to it."""
        walked, rest = Path("/"), list(path.parts[1:])
        while rest:
            part = rest.pop(0)
            if part == "..":
                walked = walked.parent
                continue
            walked /= part
            self.paths[walked] = walked
            if walked.is_symlink():
                target = walked.readlink()
                rest = [*target.parts[target.is_absolute() :], *rest]
                walked = Path("/") if target.is_absolute() else walked.parent

    def folder_add(self, folder: Path, place: Path, left_out: re.Pattern[str]) -> None:
        """Adds a folder with all that is in it.

        Args:
            folder: where it lies here.
            place: where it lies in the image.
            left_out: names right below it that aren't packed.
        """
        for path in sorted(folder.iterdir()):
            if left_out.fullmatch(path.name):
                continue
            below = path.rglob("*") if path.is_dir() and not path.is_symlink() else ()
            for each in (path, *below):
                self.paths[place / each.relative_to(folder)] = each


def runtime_tree(folder: Path) -> Tree:
    """All that programs need to run with an environment, and nothing else."""
    python = folder / "bin" / "python"
    tree = Tree()
    tree.folder_add(folder, PLACE, PRIVATE)
    for link in sorted((folder / "bin").glob("python*")):
        tree.paths[PLACE / "bin" / link.name] = link
        if link.is_symlink() and link.readlink().is_absolute():
            tree.file_add(link.readlink())
    answer = subprocess.run(
        [python, "-I", "-c", _STANDARD_LIBRARY], capture_output=True, text=True, check=True
    )
    # Some distributions link it to where it really lies.
    library = Path(answer.stdout.strip()).resolve()
    tree.file_add(library)
    tree.folder_add(library, library, LEFT_OUT)
    tree.file_add(python.resolve())
    for path in linked([python.resolve(), *tree.paths.values()]):
        if not path.is_relative_to(folder):
            tree.file_add(path)
    if hidden := [path for path in tree.paths if path.parts[1] in MOUNT_POINTS]:
        raise InfrastructureError(
            f"the runtime's interpreter needs {hidden[-1]}, where a sandbox mounts something of "
            "its own: make the runtime with an interpreter that lies elsewhere"
        )
    return tree


def linked(paths: Iterable[Path]) -> set[Path]:
    """What programs and libraries are linked with, as the loader finds it."""
    binaries = [str(path) for path in paths if _binary(path)]
    found: set[str] = set()
    for start in range(0, len(binaries), LDD_FILES):
        answer = subprocess.run(
            ["ldd", *binaries[start : start + LDD_FILES]],  # noqa: S607 the distribution's
            capture_output=True,
            text=True,
            env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        )
        found |= set(_LIBRARY.findall(answer.stdout))
    if not found:
        raise InfrastructureError("ldd names no library: install the C library's programs")
    return {Path(os.path.normpath(path)) for path in found}


def _binary(path: Path) -> bool:
    # What has neither name isn't opened: there are 60,000 others.
    if not (".so" in path.name or path.parent.name == "bin") or not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def members(tree: Tree) -> Iterator[tuple[tarfile.TarInfo, Path]]:
    """The archive's members, readable by everybody and owned by root, in a fixed order."""
    ways = {parent: Path("/") for path in tree.paths for parent in path.parents[:-1]}
    for place, path in sorted((ways | tree.paths).items()):
        found = path.lstat()
        member = tarfile.TarInfo(str(place.relative_to("/")))
        # A compiled module is valid for one time of its source: without it imports are slow.
        member.mtime = int(found.st_mtime)
        member.mode = 0o755
        if stat.S_ISLNK(found.st_mode):
            member.type, member.linkname = tarfile.SYMTYPE, str(path.readlink())
        elif stat.S_ISDIR(found.st_mode):
            member.type, member.mtime = tarfile.DIRTYPE, 0
        elif stat.S_ISREG(found.st_mode):
            member.size = found.st_size
            member.mode = 0o755 if found.st_mode & 0o111 else 0o644
        else:
            continue
        yield member, path


def made_members(folder: Path) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """Mount points, users' names and the environment's settings: what isn't copied from here."""
    home = (folder / "bin" / "python").resolve().parent
    settings = {str(PLACE / "pyvenv.cfg").lstrip("/"): SETTINGS.format(home=home).encode()}
    for name, mode in {"etc": 0o755, **MOUNT_POINTS}.items():
        member = tarfile.TarInfo(name)
        member.type, member.mode = tarfile.DIRTYPE, mode
        yield member, b""
    for name, content in (MADE | settings).items():
        member = tarfile.TarInfo(name)
        member.size = len(content)
        yield member, content


def tar_write(folder: Path, tree: Tree) -> None:
    """Writes the archive to the standard output."""
    with tarfile.open(
        fileobj=sys.stdout.buffer, mode="w|", bufsize=2**20, format=tarfile.GNU_FORMAT
    ) as archive:
        for member, content in made_members(folder):
            archive.addfile(member, io.BytesIO(content))
        for member, path in members(tree):
            if member.isfile():
                with path.open("rb") as file:
                    archive.addfile(member, file)
            else:
                archive.addfile(member)


def labels(folder: Path, tree: Tree) -> dict[str, str]:
    """What the image says of itself."""
    content = hashlib.sha256(Path(__file__).read_bytes())
    for member, path in members(tree):
        # These come and go with what is imported, and say nothing that their source doesn't.
        if "__pycache__" in path.parts:
            continue
        line = (member.name, member.mtime, member.size, member.mode, member.linkname)
        content.update(repr(line).encode())
    return {
        PYTHON_LABEL: str(PLACE / "bin" / "python"),
        PACKAGES_LABEL: runtime_find(folder).digest,
        CONTENT_LABEL: content.hexdigest(),
    }


def main() -> None:
    """Writes the archive, or its labels one a line."""
    folder = runtime_folder()
    try:
        runtime_find(folder)
        tree = runtime_tree(folder)
        if sys.argv[1:] == ["tar"]:
            tar_write(folder, tree)
        elif sys.argv[1:] == ["labels"]:
            for name, value in labels(folder, tree).items():
                print(f"{name}={value}")
        else:
            sys.exit("usage: python -m scripts.runtime_image labels|tar")
    except InfrastructureError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
