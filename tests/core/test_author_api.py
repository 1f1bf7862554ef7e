"""``from botcore import …``: complete, cheap, and the same objects as in the rooms."""

from __future__ import annotations

import ast
import importlib
import inspect
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import botcore
from botcore import hooks, model, ports
from botcore.hooks import descriptors, results, specs


def declared() -> dict[str, str]:
    """What the type checker sees: each name with its module."""
    tree = ast.parse(Path(inspect.getfile(botcore)).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    return {
        alias.name: str(node.module)
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_what_the_type_checker_sees_is_what_there_is() -> None:
    assert set(declared()) == set(botcore.__all__)
    for name, module in declared().items():
        assert getattr(botcore, name) is getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("module", [ports, descriptors, results], ids=lambda module: module.__name__)
def test_everything_that_the_contracts_define_is_offered(module: object) -> None:
    hidden = {"Factory", "Descriptor", "T"}
    defined = {
        name
        for name, value in vars(module).items()
        if getattr(value, "__module__", None) == getattr(module, "__name__", "") and not name.startswith("_")
    }
    assert defined - hidden <= set(botcore.__all__)


def test_every_argument_of_a_hook_can_be_imported_from_here() -> None:
    for name, hook in vars(specs).items():
        if name.startswith("botcore_"):
            for annotation in inspect.get_annotations(hook).values():
                for word in ast.walk(ast.parse(annotation)):
                    if isinstance(word, ast.Name) and word.id not in {"None", "Any"}:
                        assert word.id in botcore.__all__, f"{word.id}, of {name}"


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Provder'"):
        botcore.Provder  # type: ignore[attr-defined]  # noqa: B018  # the mistake under test


def test_the_version_is_the_distributions() -> None:
    assert botcore.__version__ == version("botcore-framework")
    assert "__version__" in dir(botcore)


def test_an_error_can_be_imported_without_the_rest() -> None:
    code = "import sys, botcore.errors; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    rooms = {name.split(".")[1] for name in done.stdout.split() if name.startswith("botcore.")}
    assert rooms == {"errors", "languages"}


def test_the_packages_are_typed() -> None:
    assert Path(inspect.getfile(botcore)).with_name("py.typed").is_file()
    assert hooks.__doc__
    assert model.__doc__
