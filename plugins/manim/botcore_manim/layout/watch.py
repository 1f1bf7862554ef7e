"""Looking at the right moments, at almost no cost: after every play, and now and then within one."""

from __future__ import annotations

import functools
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from manim import (
    Animation,
    AnimationGroup,
    ApplyMethod,
    Group,
    MoveToTarget,
    MovingCamera,
    RendererType,
    Scene,
    ThreeDCamera,
    config,
)

from botcore_manim.layout.rules import Finding, View, examine
from botcore_manim.layout.things import see

Collector = Callable[[dict[str, Any]], None]

_EVERY = 10
"""Frames between two looks within one play."""
_SHARE, _SHARE_WITHIN = 0.02, 0.008
"""The part of the time that looking may take, once the first looks are done: in all, and until the next look
within a play is due. So there is always something left for the looks after plays."""
_ALWAYS = 3
"""Looks that are free of that limit."""
_MOST = 30
"""Findings told for one scene."""

_installed: list[Collector] = []


class Watch:
    """What is remembered of one scene."""

    def __init__(self, tell: Collector):
        self._tell = tell
        self._told: set[Finding] = set()
        self._suspects: set[Finding] = set()
        self._started = time.perf_counter()
        self._spent = 0.0
        self._looks = 0
        self.frames = 0

    def after_play(self, scene: Any) -> None:
        """Everything has come to rest: what is wrong now is told."""
        self.frames = 0
        self._suspects = set()
        if self._may_look(_SHARE):
            for finding in self._look(scene, set()):
                self._report(finding, scene)

    def within_play(self, scene: Any) -> None:
        """In the middle of a movement: only what is wrong twice in a row is told, for things may pass."""
        if not self._may_look(_SHARE_WITHIN):
            return
        found = set(self._look(scene, set(_in_change(scene))))
        for finding in found & self._suspects:
            self._report(finding, scene)
        self._suspects = found

    def _may_look(self, share: float) -> bool:
        allowed = share * (time.perf_counter() - self._started)
        return len(self._told) < _MOST and (self._looks < _ALWAYS or self._spent <= allowed)

    def _look(self, scene: Any, ignored: set[int]) -> list[Finding]:
        begun = time.perf_counter()
        view = view_of(scene)
        found = [] if view is None else list(examine(see(list(scene.mobjects), ignored), view))
        self._spent += time.perf_counter() - begun
        self._looks += 1
        return found

    def _report(self, finding: Finding, scene: Any) -> None:
        if finding in self._told or len(self._told) >= _MOST:
            return
        self._told.add(finding)
        at = round(float(scene.renderer.time), 2)
        self._tell({"code": finding.code, "message": finding.message, "t": at})


_watches: weakref.WeakKeyDictionary[Any, Watch] = weakref.WeakKeyDictionary()


def install(collector: Collector) -> None:
    """Look at every scene of this process from now on. A second call only exchanges the collector.

    :param collector: gets each finding once per scene, at most 30: ``code`` (out-of-frame, text-overlap,
        line-through-text, too-small), ``message``, ``t`` (seconds into the video).
    """
    if _installed:
        _installed[0] = collector
        return
    _installed.append(collector)
    _wrap_play()
    _wrap_update()


def _watch(scene: Any) -> Watch:
    found = _watches.get(scene)
    if found is None:
        found = _watches[scene] = Watch(_installed[0])
    return found


def _wrap_play() -> None:
    play = Scene.play

    @functools.wraps(play)
    def watched(self: Any, *args: Any, **kwargs: Any) -> None:
        play(self, *args, **kwargs)
        _watch(self).after_play(self)

    Scene.play = watched


def _wrap_update() -> None:
    update = Scene.update_to_time

    @functools.wraps(update)
    def watched(self: Any, t: float) -> None:
        update(self, t)
        watch = _watch(self)
        watch.frames += 1
        if watch.frames % _EVERY == 0:
            watch.within_play(self)

    Scene.update_to_time = watched


def view_of(scene: Any) -> View | None:
    """What the camera shows; None where that is no flat upright rectangle, or not drawn by cairo."""
    if config.renderer != RendererType.CAIRO:
        return None
    camera = scene.renderer.camera
    if isinstance(camera, ThreeDCamera):
        return None
    x, y, _ = camera.frame_center
    wide, high = float(camera.frame_width), float(camera.frame_height)
    if isinstance(camera, MovingCamera):
        x, y, _ = camera.frame.get_center()
        wide, high = float(camera.frame.width), float(camera.frame.height)
    return View(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _in_change(scene: Any) -> Iterator[int]:
    """Ids of what is just appearing, leaving or changing its shape: it is not yet, or no longer, itself."""
    for animation in _singly(scene.animations or []):
        if isinstance(animation, (ApplyMethod, MoveToTarget)):
            continue  # moves as a whole, as .animate does
        mobject = animation.mobject
        if mobject is not None and not isinstance(mobject, Group):
            for part in mobject.get_family():
                yield id(part)


def _singly(animations: list[Animation]) -> Iterator[Any]:
    for animation in animations:
        if isinstance(animation, AnimationGroup):
            yield from _singly(animation.animations)
        else:
            yield animation
