"""Methods and attributes that objects of Manim do not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from difflib import get_close_matches

from botcore.model import Edit, Finding
from botcore_manim.habits import bases
from botcore_manim.habits.closest import closest
from botcore_manim.habits.code import found, is_self
from botcore_manim.habits.subject import Subject

CODE, SILENT = "manim_member", "manim_silent"

_CORNERS = {
    f"get_{side}": corner
    for side, corner in {
        "bottom_left": "DL",
        "bottom_right": "DR",
        "top_left": "UL",
        "top_right": "UR",
        "lower_left": "DL",
        "lower_right": "DR",
        "upper_left": "UL",
        "upper_right": "UR",
        "left_bottom": "DL",
        "right_bottom": "DR",
        "left_top": "UL",
        "right_top": "UR",
    }.items()
}
_RENAMED: dict[str, tuple[str, ...]] = {
    # old or invented: what it is called now, tried in this order
    "add_coordinate_labels": ("add_coordinates",),
    "get_graph": ("plot",),
    "plot_function": ("plot",),
    "add_graph": ("plot",),
    "get_parametric_curve": ("plot_parametric_curve",),
    "plot_polar": ("plot_polar_graph",),
    "get_implicit_curve": ("plot_implicit_curve",),
    "get_derivative_graph": ("plot_derivative_graph",),
    "get_antiderivative_graph": ("plot_antiderivative_graph",),
    "get_area_under_curve": ("get_area",),
    "get_area_under_graph": ("get_area",),
    "coordinates_to_point": ("coords_to_point",),
    "coord_to_point": ("coords_to_point",),
    "coord2point": ("coords_to_point",),
    "coords2point": ("coords_to_point",),
    "point_from_function": ("input_to_graph_point",),
    "get_point_from_function": ("input_to_graph_point",),
    "get_point_on_graph": ("input_to_graph_point",),
    "get_axes_labels": ("get_axis_labels",),
    "get_parts_by_tex": ("get_part_by_tex",),
    "get_part_by_text": ("get_part_by_tex",),
    "set_color_by_text": ("set_color_by_tex",),
    "set_color_by_tex_to_color_map": ("set_color_by_tex_to_color_map",),
    "get_position": ("get_center",),
    "get_pos": ("get_center",),
    "get_location": ("get_center",),
    "get_centre": ("get_center",),
    "get_middle": ("get_midpoint", "get_center"),
    "get_mid_point": ("get_midpoint", "get_center"),
    "get_center_point": ("get_center",),
    "get_start_point": ("get_start",),
    "get_end_point": ("get_end",),
    "get_tip_position": ("get_end",),
    "get_tip_point": ("get_end",),
    "get_points": ("get_all_points",),
    "set_position": ("move_to",),
    "set_center": ("move_to",),
    "set_pos": ("move_to",),
    "set_location": ("move_to",),
    "move": ("move_to", "shift"),
    "place_at": ("move_to",),
    "translate": ("shift",),
    "move_by": ("shift",),
    "scale_by": ("scale",),
    "resize": ("scale",),
    "set_scale": ("scale",),
    "rotate_by": ("rotate",),
    "set_rotation": ("rotate",),
    "set_alpha": ("set_opacity",),
    "set_transparency": ("fade",),
    "set_gradient": ("set_color_by_gradient",),
    "set_colors": ("set_color",),
    "colour": ("set_color",),
    "set_fill_by_gradient": ("set_color_by_gradient",),
    "put_start_and_end_at": ("put_start_and_end_on",),
    "set_start_and_end": ("put_start_and_end_on",),
    "set_points": ("set_points",),
    "remove_updaters": ("clear_updaters",),
    "add_background": ("add_background_rectangle",),
    "get_val": ("get_value",),
    "set_val": ("set_value",),
    "increment": ("increment_value",),
    "set_number": ("set_value",),
    "update_value": ("set_value",),
    "arrange_submobjects": ("arrange",),
    "arrange_grid": ("arrange_in_grid",),
    "align_on_border": ("align_on_border",),
    "center_on": ("move_to",),
    "set_column_color": ("set_column_colors",),
    "set_row_color": ("set_row_colors",),
    "get_row": ("get_rows",),
    "get_column": ("get_columns",),
    "get_entry": ("get_entries",),
    "get_tex_string": ("get_tex_string",),
    "add_points_as_corners": ("add_points_as_corners",),
    "set_points_smooth": ("set_points_smoothly",),
    # scenes
    "sleep": ("wait",),
    "pause": ("wait",),
    "delay": ("wait",),
    "show": ("add",),
    "display": ("add",),
    "draw": ("add",),
    "animate": ("play",),
    "add_mobject": ("add",),
    "add_mobjects": ("add",),
    "add_objects": ("add",),
    "remove_mobject": ("remove",),
    "bring_forward": ("bring_to_front",),
    "send_to_back": ("bring_to_back",),
}
_STYLED = {
    "set_fill_opacity": "set_fill(opacity={})",
    "set_fill_color": "set_fill(color={})",
    "set_stroke_width": "set_stroke(width={})",
    "set_stroke_color": "set_stroke(color={})",
    "set_stroke_opacity": "set_stroke(opacity={})",
    "set_border_color": "set_stroke(color={})",
    "set_border_width": "set_stroke(width={})",
    "set_line_width": "set_stroke(width={})",
    "set_thickness": "set_stroke(width={})",
    "set_radius": "scale_to_fit_width(2 * ({}))",
    "set_side_length": "scale_to_fit_width({})",
    "set_size": "scale_to_fit_height({})",
}
"""Settings that have no method of their own: called, they set an attribute that nobody reads."""
_OF_CLASS = {
    "Code": {
        "code": "code_lines",  # announced by an annotation, and never there
        "code_text": "code_lines",
        "code_string": "code_lines",
        "lines": "code_lines",
        "background_mobject": "background",
        "line_nums": "line_numbers",
    },
}
"""What one class alone called otherwise."""
_INDEXED = frozenset({"get_row", "get_column"})
_STATEMENTS = frozenset({"set_background_color", "fix_in_frame", "unfix_from_frame"})
_UNKNOWABLE = frozenset({"animate", "target", "saved_state", "tip", "numbers", "labels"})


def check(subject: Subject) -> Iterator[Finding]:
    """Each attribute that is read and does not exist on any class that its owner may be."""
    code = subject.code
    for node in code.all(ast.Attribute):
        if not isinstance(node.ctx, ast.Load):
            continue
        owner = node.value
        if isinstance(owner, ast.Attribute) and owner.attr == "animate":
            owner = owner.value
        if node.attr in _STATEMENTS and isinstance(code.parent(node), ast.Call):
            yield from _rewritten(subject, node)
            continue
        classes = subject.types.of(owner)
        if classes:
            if all(_lacks(subject, cls, node.attr) for cls in classes):
                yield from _missing(subject, node, sorted(classes))
        elif _is_nobodys(subject, node):
            yield from _missing(subject, node, [])
        elif isinstance(owner, ast.Name) and subject.is_manims(owner, "config"):
            yield from _module_name(subject, node, subject.index.config, "config")
        elif isinstance(owner, ast.Name) and subject.is_manims(owner, "rate_functions"):
            names = subject.index.module("manim.utils.rate_functions") or frozenset()
            yield from _module_name(subject, node, names, "rate_functions")


def _is_nobodys(subject: Subject, node: ast.Attribute) -> bool:
    """Whether a method that is known to be old or invented is called on what is not known: no class of Manim
    has it, the source neither, and its owner is no module."""
    name, code = node.attr, subject.code
    if name not in _CORNERS and name not in _RENAMED and name not in _STYLED:
        return False
    if name in subject.index.all_members or name in code.defined or name in code.mentioned_stores:
        return False
    owner, call = node.value, code.parent(node)
    if not (isinstance(call, ast.Call) and call.func is node) or is_self(owner):
        return False
    if not isinstance(owner, ast.Name):
        return True
    bound = subject.scopes.bindings(owner)
    return bound is not None and not any(isinstance(b.at, ast.Import | ast.ImportFrom) for b in bound)


def _rewritten(subject: Subject, node: ast.Attribute) -> Iterator[Finding]:
    """Methods whose whole statement is written otherwise now."""
    code, call = subject.code, subject.code.parent(node)
    statement = code.parent(call) if isinstance(call, ast.Call) else None
    if not isinstance(call, ast.Call) or not isinstance(statement, ast.Expr):
        return
    classes = subject.types.of(node.value)
    if any(node.attr in subject.types.own_members(cls) for cls in classes if cls.startswith(".")):
        return
    if node.attr == "set_background_color" and len(call.args) == 1:
        new = f"self.camera.background_color = {code.segment(call.args[0])}"
        message = f"there is no set_background_color: write {new}"
        yield found(code, node, CODE, message, code.replace(statement, new), sure=True)
    elif node.attr in {"fix_in_frame", "unfix_from_frame"} and not is_self(node.value):
        cls = code.cls(node)
        if cls is not None and subject.index.derives(subject.types.manim_base(f".{cls.name}"), "ThreeDScene"):
            new = f"self.add_fixed_in_frame_mobjects({code.segment(node.value)})"
            edit = code.replace(statement, new)
        else:
            new, edit = "nothing: a flat scene does not turn", code.remove(statement)
        message = f"{node.attr} is of ManimGL: write {new}"
        yield found(code, node, CODE, message, edit, sure=True)


def _lacks(subject: Subject, cls: str, name: str) -> bool:
    if name in _OF_CLASS.get(cls, {}):
        return True
    base = subject.types.manim_base(cls)
    known = subject.index.members(base)
    if cls.startswith(".") and subject.index.derives(base, "Scene") and bases.explains(subject.index, name):
        return False
    if not known or name.startswith("__") or name in _UNKNOWABLE:
        return False
    if cls.startswith(".") and (
        name in subject.types.own_members(cls) or subject.types.has_unknown_base(cls)
    ):
        return False
    if name in known or name in subject.code.mentioned_stores or name in subject.index.loose:
        return False
    # Mobject makes get_x and set_x of every attribute x
    return not (
        name.startswith(("get_", "set_"))
        and subject.index.derives(base, "Mobject")
        and _is_real(subject, base, name[4:], setting=name.startswith("set_"))
    )


def _is_real(subject: Subject, base: str, attribute: str, *, setting: bool) -> bool:
    member = subject.index.member(base, attribute)
    if member is None:
        return attribute in subject.index.members(base) and not setting
    return member.kind == "property" and (member.settable or not setting)


def _missing(subject: Subject, node: ast.Attribute, classes: list[str]) -> Iterator[Finding]:
    code, name = subject.code, node.attr
    call = code.parent(node)
    is_called = isinstance(call, ast.Call) and call.func is node
    silent = (
        name.startswith("set_")
        and bool(classes)
        and subject.index.derives(subject.types.manim_base(classes[0]), "Mobject")
    )
    kind = classes[0].removeprefix(".") if classes else "Manim"
    what = f"{kind} has no “{name}”"
    if silent:
        what += ", and calling it changes nothing that is drawn"
    code_ = SILENT if silent else CODE
    edits, write = _mended(subject, node, call if is_called else None, classes)
    message = f"{what}: write {write}" if write else f"{what}; {_near(subject, name, classes)}"
    if not write and not is_called and not silent and name.startswith("get_"):
        return
    yield found(code, node, code_, message, *edits, sure=not silent)


def _near(subject: Subject, name: str, classes: list[str]) -> str:
    """What a person, or the model, may choose from."""
    members = subject.index.members(subject.types.manim_base(classes[0])) if classes else frozenset()
    words = set(name.split("_")) - {"get", "set", "add", "to", "by", ""}
    # alike in spelling, or made of the same words
    alike = get_close_matches(name, members, 3, 0.6)
    shared = sorted(m for m in members if len(words & set(m.split("_"))) > 1 and not m.startswith("_"))
    near = list(dict.fromkeys([*shared, *alike]))[:4]
    return f"it has {', '.join(near)}" if near else "there is nothing like it"


def _mended(
    subject: Subject, node: ast.Attribute, call: ast.AST | None, classes: list[str]
) -> tuple[tuple[Edit, ...], str]:
    code, name = subject.code, node.attr
    if name in _CORNERS and isinstance(call, ast.Call) and not call.args:
        new = f"get_corner({_CORNERS[name]})"
        return (Edit(*_after_dot(subject, node), *code.end(call), new),), new
    if name in _STYLED and isinstance(call, ast.Call) and len(call.args) == 1 and not call.keywords:
        new = _STYLED[name].format(code.segment(call.args[0]))
        return (Edit(*_after_dot(subject, node), *code.end(call), new),), new
    if name == "value" and "ValueTracker" in classes and call is None:
        return (code.replace_attribute(node, "get_value()"),), "get_value()"
    if name in _INDEXED and isinstance(call, ast.Call) and len(call.args) == 1:
        new = f"{_RENAMED[name][0]}()[{code.segment(call.args[0])}]"
        return (Edit(*_after_dot(subject, node), *code.end(call), new),), new
    if len(classes) == 1 and name in _OF_CLASS.get(classes[0], {}):
        new = _OF_CLASS[classes[0]][name]
        return (code.replace_attribute(node, new),), new
    new = next((n for n in _RENAMED.get(name, ()) if not classes or _all_have(subject, classes, n)), "")
    if not new and classes:
        members = frozenset.intersection(
            *(subject.index.members(subject.types.manim_base(cls)) for cls in classes)
        )
        public = {member for member in members if not member.startswith("_")}
        if len(classes) == 1 and classes[0].startswith("."):
            public |= subject.types.own_members(classes[0])
        new = closest(name, public) or ""
    if not new:
        return (), ""
    return (code.replace_attribute(node, new),), new


def _all_have(subject: Subject, classes: list[str], name: str) -> bool:
    return all(
        name in subject.index.members(subject.types.manim_base(cls)) or name in subject.types.own_members(cls)
        for cls in classes
    )


def _after_dot(subject: Subject, node: ast.Attribute) -> tuple[int, int]:
    line, column = subject.code.end(node)
    return line, column - len(node.attr)


def _module_name(
    subject: Subject, node: ast.Attribute, names: frozenset[str], owner: str
) -> Iterator[Finding]:
    if not names or node.attr in names or node.attr.startswith("_"):
        return
    near = closest(node.attr, names)
    if near is None and owner == "rate_functions":
        near = "smooth"
    message = f"{owner} has no “{node.attr}”" + (f": write {owner}.{near}" if near else "")
    edits = (subject.code.replace_attribute(node, near),) if near else ()
    if near or owner != "config":
        yield found(subject.code, node, CODE, message, *edits, sure=True)
