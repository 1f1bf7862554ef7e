"""“Slower”, “twice as fast”: one line in the scene, which the renderer knows."""

from __future__ import annotations

import ast
from dataclasses import replace

from botcore.model import Source
from botcore_manim.wishes.words import plain, said

NAME = "botcore_pace"
"""See :mod:`botcore_manim.inside.pacing`."""
_LEAST, _MOST = 0.25, 4.0
_USUAL, _LITTLE, _DOUBLE = 1.5, 1.2, 2.0
_LONGEST = 80


def _known(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split())


_SLOW = _known(
    """slow slower slowly lento lenta lentamente despacio devagar أبطأ ابطأ بطيء ببطء بطيئا
    धीमा धीमी धीमे धीरे медленнее медленно медленное медленный помедленнее"""
)
_FAST = _known(
    """fast faster quick quicker quickly rapido rapida rapidamente deprisa أسرع اسرع سريع سريعا بسرعة
    तेज तेज़ जल्दी быстрее быстро быстрое быстрый побыстрее"""
)
_TOO = _known("too demasiado demais جدا للغاية बहुत ज़्यादा слишком")
_TWICE = _known("twice double doble dobro ضعف दुगुना दोगुना вдвое")
_HALF = _known("half mitad metade نصف आधी")
_BIT = _known("bit little slightly poco pouco قليلا थोड़ा थोड़ी немного чуть")
_FILLER = _known(
    """please pls can could would you make play run it its is was that this the a as at go video
    animation speed down up more so
    por favor mas más mais hazlo haz ponlo va es fue el la lo o a faca faça deixe um uno un que video
    velocidad velocidade muy esta está está
    من فضلك اجعله اجعل الفيديو فيديو
    को करो कर दो करें कृपया वीडियो और यह है से गति
    пожалуйста сделай сделайте видео это в раза раз по"""
)


def paced(source: Source, wish: str) -> Source | None:
    """``source`` slower or faster, as ``wish`` says in all of its words; None for anything else."""
    factor = _factor(wish)
    if factor is None:
        return None
    try:
        tree = ast.parse(source.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = source.code.splitlines(keepends=True)
    scene = _scene(tree, source.scene)
    if (
        scene is None
        or "\f" in source.code
        or len(source.code.split("\n")) != len((source.code + "\n").splitlines())
    ):
        return None
    old = _pace_of(scene)
    if old is None:
        place = _first_line(scene)
        if place <= scene.lineno:
            return None  # all on one line
        indent = lines[place - 1][: scene.body[0].col_offset]
        lines.insert(place - 1, f"{indent}{NAME} = {factor:.4g}\n")
        return replace(source, code="".join(lines))
    statement, before = old
    after = before * factor
    if not _LEAST <= after <= _MOST:
        return None
    line = lines[statement.lineno - 1]
    lines[statement.lineno - 1] = f"{line[: statement.col_offset]}{NAME} = {after:.4g}\n"
    return replace(source, code="".join(lines))


def _factor(wish: str) -> float | None:
    """By how much everything shall take longer."""
    if len(wish) > _LONGEST:
        return None
    words = said(wish)
    slow, fast = any(word in _SLOW for word in words), any(word in _FAST for word in words)
    too, half = any(word in _TOO for word in words), any(word in _HALF for word in words)
    twice, bit = any(word in _TWICE for word in words), any(word in _BIT for word in words)
    known = _SLOW | _FAST | _TOO | _TWICE | _HALF | _BIT | _FILLER
    if any(word not in known for word in words) or (slow and fast) or twice + half + bit + too > 1:
        return None
    if half:
        return None if fast or slow else _DOUBLE
    if not (slow or fast):
        return None
    size = _DOUBLE if twice else _LITTLE if bit else _USUAL
    return size if slow is not too else 1 / size


def _scene(tree: ast.Module, name: str | None) -> ast.ClassDef | None:
    """The class to be drawn, where there is no doubt which it is."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    drawn = [
        cls
        for cls in classes
        if any(isinstance(part, ast.FunctionDef) and part.name == "construct" for part in cls.body)
    ]
    if name is not None:
        drawn = [cls for cls in drawn if cls.name == name]
    return drawn[0] if len(drawn) == 1 else None


def _first_line(scene: ast.ClassDef) -> int:
    """Of what stands in the class, its decorators included; behind its docstring."""
    first = scene.body[0]
    if len(scene.body) > 1 and isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        first = scene.body[1]
    decorators = first.decorator_list if isinstance(first, ast.FunctionDef | ast.ClassDef) else []
    return min([first.lineno, *(decorator.lineno for decorator in decorators)])


def _pace_of(scene: ast.ClassDef) -> tuple[ast.Assign, float] | None:
    """The line that an earlier wish wrote."""
    for statement in scene.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            target, value = statement.targets[0], statement.value.value
            if isinstance(target, ast.Name) and target.id == NAME and isinstance(value, int | float):
                return statement, float(value)
    return None
