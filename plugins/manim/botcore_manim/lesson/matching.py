"""Turning one formula into another: equal signs glide to their new places, the rest fades."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import Any

from manim import FadeIn, FadeOut, ReplacementTransform, VGroup, smooth, squish_rate_func

from botcore_manim.lesson.formula import Formula


def sign_key(glyph: Any) -> Hashable:
    """Equal for two drawings of the same sign, of whatever size and place."""
    points = glyph.points
    low = points.min(axis=0)
    size = points.max(axis=0) - low
    scale = float(max(size[0], size[1], 1e-9))
    middle = (points.mean(axis=0) - low) / scale
    return len(points), *(
        round(float(value) * 12) for value in (size[0] / scale, size[1] / scale, *middle[:2])
    )


def match(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pairs of places of equal signs, none used twice: first whole runs in order, then single signs that
    changed sides, first to first."""
    pairs = [
        (block.a + k, block.b + k)
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        for k in range(block.size)
    ]
    left = {a for a, _ in pairs}
    taken = {b for _, b in pairs}
    spare: dict[Hashable, list[int]] = defaultdict(list)
    for place, key in enumerate(old):
        if place not in left:
            spare[key].append(place)
    for place, key in enumerate(new):
        if place not in taken and spare[key]:
            pairs.append((spare[key].pop(0), place))
    return sorted(pairs)


def morph(old: Formula, new: Formula, run_time: float) -> list[Any]:
    """Animations that turn the shown ``old`` into ``new``, which is in its place but not yet shown.

    After playing them the caller removes the loose signs and adds ``new``.
    """
    before, after = old.glyphs, new.glyphs
    pairs = match([sign_key(g) for g in before], [sign_key(g) for g in after])
    kept, placed = {a for a, _ in pairs}, {b for _, b in pairs}
    gone = [g for k, g in enumerate(before) if k not in kept]
    come = [g for k, g in enumerate(after) if k not in placed]
    animations: list[Any] = []
    if pairs:
        animations.append(
            ReplacementTransform(
                VGroup(*(before[a] for a, _ in pairs)),
                VGroup(*(after[b].copy() for _, b in pairs)),
                run_time=run_time,
            )
        )
    if gone:
        animations.append(
            FadeOut(VGroup(*gone), run_time=run_time, rate_func=squish_rate_func(smooth, 0.0, 0.4))
        )
    if come:
        animations.append(
            FadeIn(
                VGroup(*(g.copy() for g in come)),
                run_time=run_time,
                rate_func=squish_rate_func(smooth, 0.6, 1.0),
            )
        )
    return animations
