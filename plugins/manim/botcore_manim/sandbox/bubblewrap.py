"""What the zygote can see, and the bubblewrap command that shows it that and nothing else."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import botcore_manim
from botcore_manim.sandbox.walls import SCRATCH

_SYSTEM_LINKS = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
_SYSTEM = (
    "/usr",
    "/etc/fonts",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/var/cache/fontconfig",
)
_LATEX = ("/etc/texmf", "/var/lib/texmf", "/etc/papersize")
_RELOCATED = "/opt/shown"
_INSIDE_ID = "1000"
_ZYGOTE_SCRATCH_BYTES = 256 << 20

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": SCRATCH,
    "LANG": "C.UTF-8",
    # threads of a numerics library would make the zygote's fork unsafe, and cost more than they bring
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # each further arena takes 64 MB of the job's address space
    "MALLOC_ARENA_MAX": "2",
    # the order of a set, and with it a picture, is the same each time
    "PYTHONHASHSEED": "0",
}
"""All that a zygote and its jobs find in their environment."""


@dataclass(slots=True)
class View:
    """The part of the file system that is shown inside, read-only: ``places`` maps each folder of the host to
    its path inside, ``links`` are symbolic links to make, ``import_path`` is Python's, inside."""

    places: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    import_path: list[str] = field(default_factory=list)
    executable: str = ""

    def show_system(self, path: str) -> None:
        """Show a file or folder of the system at its own path."""
        self.places[path] = path

    def show(self, folder: str) -> None:
        """Show a folder of ours: at a path that tells nothing of this machine, and that no private folder
        covers inside."""
        if self.inside(folder) is None:
            self.places[folder] = f"{_RELOCATED}/{len(self.places)}/{Path(folder).name}"

    def inside(self, path: str) -> str | None:
        """Where a path of the host is inside; None when it is not shown."""
        for folder, place in self.places.items():
            if Path(path).is_relative_to(folder):
                return str(Path(place) / Path(path).relative_to(folder))
        return None

    @property
    def readable(self) -> list[str]:
        """Paths that a job may read, inside."""
        return [*self.places.values(), *self.links]


def view(*, latex: bool) -> View:
    """What is needed to run this interpreter with the packages that it has now.

    Of a folder on the import path that is no ``site-packages`` (an editable checkout), this package alone is
    shown: around it lie other people's things.
    """
    shown = View()
    for path in (*_SYSTEM, *(_LATEX if latex else ())):
        if Path(path).exists():
            shown.show_system(path)
    for link in map(Path, _SYSTEM_LINKS):
        if link.is_symlink():
            shown.links[str(link)] = str(link.readlink())
        elif link.is_dir():
            shown.show_system(str(link))
    # the interpreter itself, not the link to it in a virtual environment: the import path is given to it
    executable = str(Path(sys.executable).resolve())
    shown.show(str(Path(sys.base_prefix).resolve()))
    shown.show(str(Path(executable).parent))
    package = Path(botcore_manim.__file__).resolve().parent
    entries = [str(Path(entry).resolve()) for entry in sys.path if entry and Path(entry).is_dir()]
    for entry in entries:
        if Path(entry).name in {"site-packages", "dist-packages"}:
            shown.show(entry)
    shown.show(str(package))
    inside = [shown.inside(entry) for entry in entries]
    inside.append(str(Path(shown.inside(str(package)) or package).parent))
    shown.import_path = [entry for entry in inside if entry is not None]
    shown.executable = shown.inside(executable) or executable
    return shown


def command(bwrap: str, shown: View, sources: dict[str, str], argument: str) -> list[str]:
    """The command line of a zygote. ``sources`` says where a folder of the host is to be bound from, if not
    from its own path; ``argument`` is for :func:`botcore_manim.sandbox.zygote.main`."""
    start = (
        f"import sys; sys.path[:] = {shown.import_path!r}; "
        f"from botcore_manim.sandbox.zygote import main; main({argument!r})"
    )
    line = [bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    line += ["--uid", _INSIDE_ID, "--gid", _INSIDE_ID, "--hostname", "sandbox"]
    line += ["--proc", "/proc", "--dev", "/dev", "--size", str(_ZYGOTE_SCRATCH_BYTES), "--tmpfs", SCRATCH]
    for folder, place in shown.places.items():
        line += ["--ro-bind", sources.get(folder, folder), place]
    for path, target in shown.links.items():
        line += ["--symlink", target, path]
    line += ["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", SCRATCH]
    for name, value in ENVIRONMENT.items():
        line += ["--setenv", name, value]
    # -S: the import path is given, and nothing else in site-packages gets to run at start
    return [*line, shown.executable, "-P", "-s", "-S", "-B", "-c", start]
