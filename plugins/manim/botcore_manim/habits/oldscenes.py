"""``CONFIG`` dictionaries, and ``GraphScene`` with axes of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Edit, Finding
from botcore_manim.habits.code import found, is_self
from botcore_manim.habits.subject import Subject

CODE = "manim_scene"

_AXES = {
    "get_graph": "plot",
    "coords_to_point": "c2p",
    "point_to_coords": "p2c",
    "input_to_graph_point": "i2gp",
    "get_graph_label": "get_graph_label",
    "get_riemann_rectangles": "get_riemann_rectangles",
    "get_area": "get_area",
    "get_vertical_line_to_graph": "get_vertical_line",
    "get_secant_slope_group": "get_secant_slope_group",
    "get_derivative_graph": "plot_derivative_graph",
    "angle_of_tangent": "angle_of_tangent",
    "slope_of_tangent": "slope_of_tangent",
    "x_axis": "x_axis",
    "y_axis": "y_axis",
}
"""What a GraphScene did itself and its axes do now."""
_RANGE = {"x_min": "-1", "x_max": "10", "y_min": "-1", "y_max": "10"}


def check(subject: Subject) -> Iterator[Finding]:
    """Both habits, class by class."""
    for cls in subject.code.all(ast.ClassDef):
        for part in cls.body:
            if (
                isinstance(part, ast.Assign)
                and isinstance(part.targets[0], ast.Name)
                and part.targets[0].id == "CONFIG"
                and isinstance(part.value, ast.Dict)
            ):
                yield from _config(subject, part, part.value)
        for base in cls.bases:
            if isinstance(base, ast.Name) and base.id == "GraphScene" and subject.scopes.is_undefined(base):
                yield from _graph_scene(subject, cls, base)


def _config(subject: Subject, part: ast.Assign, values: ast.Dict) -> Iterator[Finding]:
    code = subject.code
    pairs: list[tuple[str, str]] = []
    for key, value in zip(values.keys, values.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value.isidentifier()):
            return
        pairs.append((key.value, code.segment(value)))
    lines = f"\n{code.indentation(part)}".join(f"{name} = {value}" for name, value in pairs) or "pass"
    message = "Manim does not read CONFIG any more: write its entries as attributes of the class"
    yield found(code, part, CODE, message, code.replace(part, lines))


def _graph_scene(subject: Subject, cls: ast.ClassDef, base: ast.Name) -> Iterator[Finding]:
    code = subject.code
    if any(isinstance(p, ast.Assign) and code.segment(p.targets[0]) == "CONFIG" for p in cls.body):
        return  # that comes first
    set_up, edits = False, [code.replace(base, "Scene")]
    for node in ast.walk(cls):
        if not (isinstance(node, ast.Attribute) and is_self(node.value)):
            continue
        call = code.parent(node)
        if node.attr == "setup_axes" and isinstance(call, ast.Call):
            statement = code.statement(call)
            edits.append(code.replace(statement, _axes(cls, code.indentation(statement))))
            set_up = True
        elif node.attr in _AXES:
            edits.append(code.replace(node, f"self.axes.{_AXES[node.attr]}"))
            if (
                node.attr == "get_vertical_line_to_graph"
                and isinstance(call, ast.Call)
                and len(call.args) >= 2
            ):
                first, last = call.args[0], call.args[1]
                point = f"self.axes.i2gp({code.segment(first)}, {code.segment(last)})"
                edits.append(Edit(*code.start(first), *code.end(last), point))
    construct = next((p for p in cls.body if isinstance(p, ast.FunctionDef) and p.name == "construct"), None)
    if not set_up and construct is not None:
        first_line = construct.body[0]
        edits.append(code.line_before(first_line, _axes(cls, code.indentation(first_line))))
    message = "there is no GraphScene any more: write a Scene with axes of its own, self.axes = Axes(…)"
    yield found(code, base, CODE, message, *edits, sure=True)


def _axes(cls: ast.ClassDef, indentation: str) -> str:
    own = {t.id for p in cls.body if isinstance(p, ast.Assign) for t in p.targets if isinstance(t, ast.Name)}
    value = {name: f"self.{name}" if name in own else default for name, default in _RANGE.items()}
    x, y = (f"[{value[f'{axis}_min']}, {value[f'{axis}_max']}]" for axis in "xy")
    lines = [f"self.axes = Axes(x_range={x}, y_range={y})", "self.play(Create(self.axes))"]
    return f"\n{indentation}".join(lines)
