"""What a zygote is shown of this machine, and what it is not."""

from __future__ import annotations

import sys
from pathlib import Path

import botcore_manim
import pytest
from botcore_manim.sandbox.bubblewrap import ENVIRONMENT, View, command, view


def test_of_an_editable_checkout_the_package_alone_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "checkout" / "botcore_manim"
    package.mkdir(parents=True)
    (tmp_path / "checkout" / ".env").write_text("TOKEN=x")
    monkeypatch.setattr(botcore_manim, "__file__", str(package / "__init__.py"))
    monkeypatch.syspath_prepend(tmp_path / "checkout")
    shown = view(latex=False)
    assert shown.inside(str(package)) is not None
    assert shown.inside(str(tmp_path / "checkout" / ".env")) is None
    assert shown.inside(str(tmp_path / "checkout")) is None
    assert str(Path(shown.inside(str(package)) or "").parent) in shown.import_path


@pytest.mark.parametrize("above", ["/tmp/checkout", "/home/mary", "/root"])
def test_our_own_folders_are_shown_where_they_tell_nothing_of_this_machine(above: str) -> None:
    shown = View()
    shown.show(f"{above}/site-packages")
    inside = shown.inside(f"{above}/site-packages/numpy/__init__.py")
    assert inside is not None
    assert above not in inside
    assert not inside.startswith("/tmp"), "covered by a private folder"
    assert inside.endswith("/site-packages/numpy/__init__.py")


def test_folders_inside_shown_ones_are_not_shown_twice() -> None:
    shown = View()
    shown.show_system("/usr")
    shown.show("/usr/lib/python3")
    assert shown.places == {"/usr": "/usr"}


@pytest.mark.parametrize("latex", [False, True])
def test_no_place_of_people_or_of_the_bot_is_shown(latex: bool) -> None:
    shown = view(latex=latex)
    for path in (
        "/",
        "/etc",
        "/home",
        "/root",
        "/var",
        "/var/lib",
        "/run",
        "/tmp",
        str(Path.cwd()),
        str(Path.home()),
    ):
        assert shown.inside(path) is None or path == sys.base_prefix


def test_everything_is_shown_read_only_and_the_environment_is_ours_alone() -> None:
    line = command("/usr/bin/bwrap", view(latex=False), {}, "{}")
    assert "--bind" not in line
    assert "--dev-bind" not in line
    assert "--share-net" not in line
    assert {"--unshare-all", "--clearenv", "--die-with-parent", "--new-session"} <= set(line)
    named = {line[i + 1] for i, word in enumerate(line) if word == "--setenv"}
    assert named == set(ENVIRONMENT)


def test_a_staged_folder_is_bound_from_its_stage() -> None:
    shown = View(places={"/root/python": "/root/python"}, executable="/root/python/bin/python")
    line = command("/usr/bin/bwrap", shown, {"/root/python": "/mnt/0"}, "{}")
    at = line.index("--ro-bind")
    assert line[at : at + 3] == ["--ro-bind", "/mnt/0", "/root/python"]
