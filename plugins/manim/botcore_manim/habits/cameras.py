"""Cameras in space are not animated like mobjects: the scene moves them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Finding
from botcore_manim.habits.code import Code, called, found, is_self
from botcore_manim.habits.subject import Subject

CODE = "manim_scene"

_ANGLES = frozenset({"theta", "phi", "gamma", "zoom", "focal_distance"})
_SHORT = {
    "increment_theta": "theta=self.camera.get_theta() + {}",
    "increment_phi": "phi=self.camera.get_phi() + {}",
    "scale": "zoom=1 / ({})",
    "move_to": "frame_center={}",
    **{f"set_{angle}": f"{angle}={{}}" for angle in _ANGLES},
}


def check(subject: Subject) -> Iterator[Finding]:
    """``self.play(self.camera.animate.set_theta(a))`` as ``self.move_camera(theta=a)``."""
    code = subject.code
    for call in code.all(ast.Call):
        if called(call) != "play" or len(call.args) != 1 or not isinstance(call.func, ast.Attribute):
            continue
        cls = code.cls(call)
        if cls is None or not is_self(call.func.value):
            continue
        if not subject.index.derives(subject.types.manim_base(f".{cls.name}"), "ThreeDScene"):
            continue
        moves = _moves(code, call.args[0])
        if moves:
            rest = [code.segment(keyword) for keyword in call.keywords]
            new = f"self.move_camera({', '.join([*moves, *rest])})"
            message = f"the camera of a ThreeDScene is moved by the scene: write {new}"
            yield found(code, call, CODE, message, code.replace(call, new), sure=True)


def _moves(code: Code, node: ast.expr) -> list[str]:
    """The arguments of ``move_camera`` that say the same as a chain of methods; empty when one is unknown."""
    moves: list[str] = []
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        method = node.func.attr
        if method in _SHORT and len(node.args) == 1 and not node.keywords:
            moves.insert(0, _SHORT[method].format(code.segment(node.args[0])))
        elif method in {"set_euler_angles", "set_camera_orientation"} and not node.args:
            moves = [*(code.segment(k) for k in node.keywords if k.arg in _ANGLES), *moves]
        else:
            return []
        node = node.func.value
    text = code.segment(node)
    return moves if text in {"self.camera.animate", "self.camera.frame.animate"} else []
