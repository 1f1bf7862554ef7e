"""Arguments by names that the installed Manim does not take."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Edit, Finding
from botcore_manim.api import Callee
from botcore_manim.habits.closest import closest
from botcore_manim.habits.code import Code, found, keyword_of
from botcore_manim.habits.subject import Subject

CODE = "manim_keyword"

_RENAMED: dict[str, tuple[str, ...]] = {
    "align": ("alignment",),
    "alpha": ("opacity", "fill_opacity"),
    "angles": ("angle",),
    "arc_angle": ("angle",),
    "axis_labels": (),
    "background_line_config": ("background_line_style",),
    "bar_labels": ("bar_names",),
    "bar_labels_names": ("bar_names",),
    "border_color": ("stroke_color",),
    "border_width": ("stroke_width",),
    "buffer": ("buff",),
    "center": ("point", "arc_center", "center"),
    "code": ("code_string",),
    "col_names": ("col_labels",),
    "color_map": ("tex_to_color_map",),
    "colour": ("color",),
    "colors": ("color",),
    "cols_buff": ("h_buff",),
    "column_labels": ("col_labels",),
    "dash_size": ("dash_length",),
    "decimal_places": ("num_decimal_places",),
    "decimals": ("num_decimal_places",),
    "delay": ("lag_ratio",),
    "delta_x": ("dx",),
    "direction": ("shift",),
    "duration": ("run_time", "duration"),
    "edge_color": ("stroke_color",),
    "end_angle": (),
    "end_point": ("end",),
    "fill": ("fill_opacity",),
    "filename": ("file_name",),
    "file_name": ("code_file",),
    "font_weight": ("weight",),
    "fontsize": ("font_size",),
    "from_point": ("start",),
    "func": ("function",),
    "grid_lines_config": ("background_line_style",),
    "horizontal_buff": ("h_buff", "buff"),
    "insert_line_no": ("add_line_numbers",),
    "inner_color": ("fill_color",),
    "label_color": ("color",),
    "lag": ("lag_ratio",),
    "line_no_from": ("line_numbers_from",),
    "line_width": ("stroke_width",),
    "linewidth": ("stroke_width",),
    "n_cols": ("cols",),
    "n_rows": ("rows",),
    "ncols": ("cols",),
    "nrows": ("rows",),
    "num_cols": ("cols",),
    "num_rows": ("rows",),
    "number_decimal_places": ("num_decimal_places",),
    "num_sides": ("n",),
    "opacity": ("fill_opacity", "opacity"),
    "outer_radius": ("radius",),
    "outline_color": ("stroke_color",),
    "path": ("file_name",),
    "r": ("radius",),
    "radians": ("angle",),
    "rate": ("rate_func",),
    "rate_function": ("rate_func",),
    "row_names": ("row_labels",),
    "runtime": ("run_time",),
    "scale_factor": ("scale",),
    "side": ("side_length",),
    "sides": ("n",),
    "show_tips": ("tips",),
    "size": ("font_size", "radius", "side_length"),
    "spacing": ("buff",),
    "speed": ("rate",),
    "start_point": ("start",),
    "stroke": ("stroke_color",),
    "stroke_colour": ("stroke_color",),
    "style": ("formatter_style",),
    "substring_to_isolate": ("substrings_to_isolate",),
    "isolate": ("substrings_to_isolate",),
    "t2color": ("t2c",),
    "text_color": ("color",),
    "text_size": ("font_size",),
    "thickness": ("stroke_width",),
    "time": ("run_time", "duration"),
    "tip_size": ("tip_length",),
    "to": ("target_position",),
    "to_point": ("end",),
    "vertical_buff": ("v_buff", "buff"),
    "width": ("x_length",),
    "height": ("y_length",),
    "x": ("x_val",),
    "n_iterations": (),
}
"""What is meant by it, tried in this order; none: there is nothing like it."""
_PAIRS = {
    ("x_min", "x_max"): ("x_range", "t_range"),
    ("y_min", "y_max"): ("y_range",),
    ("z_min", "z_max"): ("z_range",),
    ("t_min", "t_max"): ("t_range",),
    ("u_min", "u_max"): ("u_range",),
    ("v_min", "v_max"): ("v_range",),
    ("x_start", "x_end"): ("x_range",),
    ("start_color", "end_color"): ("color",),
}
_RANGES = {"x_range": "u_range", "y_range": "v_range"}
"""Of a surface."""
_PLAY = frozenset(
    {"run_time", "rate_func", "lag_ratio", "subcaption", "subcaption_duration", "subcaption_offset"}
)
_PLAYED = frozenset({"path_arc", "introducer", "remover", "name", "suspend_mobject_updating", "path_func"})
_AXIS_CONFIGS = frozenset({"axis_config", "x_axis_config", "y_axis_config", "z_axis_config"})
_WITHOUT_NAME = frozenset({"play"})


def check(subject: Subject) -> Iterator[Finding]:
    """Each argument by name of a call whose callee is known and takes no such name."""
    for call in subject.code.all(ast.Call):
        if not call.keywords:
            continue
        yield from _axes(subject, call)
        function = subject.callee(call)
        if function is None:
            continue
        takes = _PLAY | _PLAYED if function.name in _WITHOUT_NAME else function.keywords
        if takes is None:
            yield from _ranges(subject, call, function, function.likely)
            for keyword in call.keywords:
                if keyword.arg in _RENAMED and keyword.arg not in function.likely:
                    yield from _renamed(subject, call, keyword, function, function.likely)
            continue
        yield from _ranges(subject, call, function, takes)
        for keyword in call.keywords:
            if (
                keyword.arg is not None
                and keyword.arg not in takes
                and not _in_pair(call, keyword.arg, takes)
            ):
                yield _unknown(subject, call, keyword, function, takes)


def _axes(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    """Entries of ``axis_config`` that a number line does not take."""
    code, line = subject.code, subject.index.constructor("NumberLine")
    for keyword in call.keywords:
        if keyword.arg not in _AXIS_CONFIGS or not isinstance(keyword.value, ast.Dict) or line is None:
            continue
        kept: list[str] = []
        gone: list[str] = []
        for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                return
            name = key.value
            if name not in line.likely:
                gone.append(name)
                new = next((n for n in _candidates(name, line, line.likely) if n in line.likely), None)
                if new is None or f'"{new}"' in code.segment(keyword.value):
                    continue
                name = new
            kept.append(f'"{name}": {code.segment(value)}')
        if gone:
            new_value = f"{{{', '.join(kept)}}}"
            message = f"an axis takes no “{gone[0]}”: write {new_value}"
            yield found(code, keyword.value, CODE, message, code.replace(keyword.value, new_value), sure=True)


def _in_pair(call: ast.Call, name: str, takes: frozenset[str]) -> bool:
    """Whether the name is half of a pair that :func:`_ranges` makes one argument of."""
    return any(
        name in pair and all(keyword_of(call, part) for part in pair) and _target(call, targets, takes)
        for pair, targets in _PAIRS.items()
    )


def _target(call: ast.Call, targets: tuple[str, ...], takes: frozenset[str]) -> str:
    return next((name for name in targets if name in takes and not keyword_of(call, name)), "")


def _ranges(subject: Subject, call: ast.Call, function: Callee, takes: frozenset[str]) -> Iterator[Finding]:
    """``x_min=0, x_max=4`` as ``x_range=[0, 4]``."""
    code = subject.code
    for pair, targets in _PAIRS.items():
        first, last = keyword_of(call, pair[0]), keyword_of(call, pair[1])
        target = _target(call, targets, takes)
        if first is None or last is None or not target or pair[0] in takes:
            continue
        new = f"{target}=[{code.segment(first.value)}, {code.segment(last.value)}]"
        message = f"{function.name} takes no {pair[0]} and {pair[1]}: write {new}"
        edits = (code.replace(first, new), _drop(code, call, last))
        yield found(code, first, CODE, message, *edits, sure=function.keywords is not None)


def _drop(code: Code, call: ast.Call, keyword: ast.keyword) -> Edit:
    return code.without_argument(call, keyword)


def _unknown(
    subject: Subject, call: ast.Call, keyword: ast.keyword, function: Callee, takes: frozenset[str]
) -> Finding:
    renamed = next(_renamed(subject, call, keyword, function, takes), None)
    if renamed is not None:
        return renamed
    code, name = subject.code, keyword.arg or ""
    message = f"{function.name} takes no “{name}”: leave it out, or use another; it is {function.signature}"
    return found(code, keyword, CODE, message, _drop(code, call, keyword), sure=True)


def _renamed(
    subject: Subject, call: ast.Call, keyword: ast.keyword, function: Callee, takes: frozenset[str]
) -> Iterator[Finding]:
    code, name = subject.code, keyword.arg or ""
    given = {k.arg for k in call.keywords} | _by_place(call, function)
    new = next((n for n in _candidates(name, function, takes) if n in takes and n not in given), None)
    if new is not None:
        value = _converted(subject, new, name, keyword.value)
        if value is not None:
            message = f"{function.name} takes no “{name}”: write {new}={value or code.segment(keyword.value)}"
            edits = [code.rename_keyword(keyword, new)]
            if value:
                edits = [code.replace(keyword, f"{new}={value}")]
            yield found(code, keyword, CODE, message, *edits, sure=function.keywords is not None)


def _by_place(call: ast.Call, function: Callee) -> set[str]:
    return {p.name for p, _ in zip((p for p in function.positional if p.kind == ""), call.args, strict=False)}


def _candidates(name: str, function: Callee, takes: frozenset[str]) -> Iterator[str]:
    if name in _RANGES and "u_range" in takes:
        yield _RANGES[name]
    if name == "size" and not {"font_size"} & takes:
        yield from ("radius", "side_length")
    elif name == "direction" and not function.name.startswith("Fade"):
        pass
    elif name in {"width", "height"}:
        if "x_length" in takes:
            yield from _RENAMED[name]
        elif name == "width":
            yield "stroke_width"
    elif name == "x" and "x_val" not in takes:
        pass
    else:
        yield from _RENAMED.get(name, ())
    near = closest(name, takes)
    if near is not None:
        yield near


def _converted(subject: Subject, new: str, old: str, value: ast.expr) -> str | None:
    """The value in the unit of the new name: "" for as it is, None for one that does not fit."""
    if old == "size" and new == "font_size":
        # ManimGL and old tutorials give a scale here, the others points
        if isinstance(value, ast.Constant) and isinstance(value.value, int | float) and value.value < 6:
            return f"{round(48 * value.value)}"
        return ""
    if old == "fill" and isinstance(value, ast.Constant) and isinstance(value.value, bool):
        return "1" if value.value else "0"
    if old == "style" and new == "formatter_style" and not isinstance(value, ast.Constant):
        return None
    if new == "stroke_width" and old == "width" and not isinstance(value, ast.Constant):
        return None
    if new == "lag_ratio" and old == "delay":
        return None
    if new == "alignment" and subject.types.one(value) != "str":
        return None
    return ""
