"""The catalogues of a package, held against its code: for a test of yours, and for ``make catalogues``.

A sentence is found where it is a literal in ``text(language, "…")``, ``plural(language, "…", "…", count)`` or
``sentence("…")``, under whatever object these are called, and as the ``text`` of an error class.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.catalog import Message as Entry
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po, write_po

from botcore.languages import LANGUAGES

TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
LABEL = 20
"""Most characters of a button's label: the narrowest platform's."""
_RIGHT_TO_LEFT = frozenset({"ar"})
_PLURALS = {
    "ar": (
        6,
        "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)",
    )
}
"""Where the order that translators know (zero, one, two, few, many, other) is not Babel's."""
_ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069|[$][^$]*[$]")
"""What stands apart from the words around it: between isolates, or as a formula of a video."""
_PLACEHOLDER = re.compile(r"\{\w+\}")
_WORD = re.compile(r"\w")
_COMMAND = re.compile(r"(?<!\w)/[a-z]+")
_ALONE = re.compile(r"^\{\w+\}$", re.MULTILINE)
_FOREIGN = re.compile(r"\{\w+\}|(?<!\w)/\w+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence of the code. ``many`` is the form for other numbers than 1, where there is one;
    ``label``: it stands on a button; ``file``: where it was seen first, relative to the package."""

    one: str
    many: str | None
    label: bool
    file: str


def sentences(package: Path, *, skip: Collection[str] = ()) -> list[Sentence]:
    """The sentences in the code of ``package``, each once, in the order of files and lines.

    :param skip: names of its folders whose texts nobody reads in a chat.
    """
    found: dict[str, Sentence] = {}
    for path in sorted(package.rglob("*.py")):
        relative = path.relative_to(package)
        if relative.parts[0] not in skip:
            for seen in _in_module(ast.parse(path.read_text(encoding="utf-8")), relative.as_posix()):
                known = found.setdefault(seen.one, seen)
                if seen.label and not known.label:
                    found[seen.one] = seen
    return list(found.values())


def faults(package: Path, *, skip: Collection[str] = ()) -> list[str]:
    """What is wrong with the catalogues of ``package``, a line for each; empty when they are complete."""
    wanted = sentences(package, skip=skip)
    wrong = [
        f"en: longer than a button: {_short(one.one)}" for one in wanted if one.label and len(one.one) > LABEL
    ]
    for language in TRANSLATED:
        catalog = _read(package, language)
        if catalog is None:
            wrong += [f"{language}: there is no catalogue"] if wanted else []
            continue
        entries = {_key(entry): entry for entry in catalog if entry.id}
        wrong += [
            f"{language}: {fault}: {_short(sentence.one)}"
            for sentence in wanted
            for fault in _faults_of(sentence, entries.get(sentence.one), language)
        ]
        stale = [*(set(entries) - {sentence.one for sentence in wanted}), *map(_one, catalog.obsolete)]
        wrong += [f"{language}: no longer in the code: {_short(english)}" for english in stale]
    return wrong


def update(package: Path, *, skip: Collection[str] = ()) -> None:
    """Write the catalogues of ``package`` anew, with the translations that there are.

    A sentence that was changed keeps its old translation, marked as fuzzy until somebody has looked at it.
    """
    wanted = Catalog()
    for sentence in sentences(package, skip=skip):
        english = sentence.one if sentence.many is None else (sentence.one, sentence.many)
        wanted.add(english, locations=[(sentence.file, 0)])
    for language in TRANSLATED:
        catalog = _read(package, language) or Catalog(locale=language)
        catalog.update(wanted)
        catalog.obsolete.clear()
        written = BytesIO()
        write_po(written, catalog, width=100, omit_header=True, include_lineno=False, sort_by_file=True)
        folder = package / "catalogues"
        folder.mkdir(exist_ok=True)
        folder.joinpath(f"{language}.po").write_bytes(_header(language).encode() + written.getvalue())


def _in_module(tree: ast.Module, file: str) -> Iterator[Sentence]:
    labels = {id(label) for node in ast.walk(tree) for label in _labels(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for words in _said(node):
                yield Sentence(words[0], words[1] if len(words) > 1 else None, id(node) in labels, file)
        elif isinstance(node, ast.ClassDef):
            yield from (Sentence(words, None, False, file) for words in _of_error(node))


def _labels(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call) and _name(node) == "Button":
        yield from node.args[:1]
        yield from (keyword.value for keyword in node.keywords if keyword.arg == "label")


def _said(call: ast.Call) -> Iterator[tuple[str, ...]]:
    """The literals of a call that speaks; ``text(language, "a" if x else "b")`` says two sentences."""
    match _name(call):
        case "text" if len(call.args) > 1:
            yield from ((words,) for words in _literals(call.args[1]))
        case "plural" if len(call.args) > 2:
            one, many = list(_literals(call.args[1])), list(_literals(call.args[2]))
            if one and many:
                yield one[0], many[0]
        case "sentence" if call.args:
            yield from ((words,) for words in _literals(call.args[0]))


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _literals(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(words)) if _WORD.search(_PLACEHOLDER.sub("", words)):
            yield words
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(body)
            yield from _literals(orelse)


def _of_error(node: ast.ClassDef) -> Iterator[str]:
    fixed = dict(_assigned(node.body))
    if "code" in fixed and "text" in fixed:
        yield from _literals(fixed["text"])


def _assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


def _faults_of(sentence: Sentence, entry: Entry | None, language: str) -> Iterator[str]:
    if entry is None or isinstance(entry.id, str) is (sentence.many is not None):
        yield "not in the catalogue"
        return
    forms = [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
    if not forms or not all(forms):
        yield "not translated"
        return
    if entry.fuzzy:
        yield "fuzzy"
    if sentence.many is not None and len(forms) != _plurals(language)[0]:
        yield "wrong number of plural forms"
    wanted = _placeholders(sentence.many or sentence.one)
    for form in forms:
        may_lack = {"count"} if sentence.many is not None else set()
        if not wanted - may_lack <= _placeholders(form) <= wanted:
            yield "other placeholders"
        if set(_COMMAND.findall(form)) != set(_COMMAND.findall(sentence.one)):
            yield "other commands"
        if sentence.label and len(form) > LABEL:
            yield "longer than a button"
        if _edges(form) != _edges(sentence.one):
            yield "begins or ends with other white space"
        if (
            language in _RIGHT_TO_LEFT
            and not sentence.label
            and _FOREIGN.search(_ISOLATED.sub("", _ALONE.sub("", form)))
        ):
            yield "a command or placeholder without isolates"


def _short(english: str) -> str:
    return english if len(english) <= 60 else english[:59].replace("\n", " ") + "…"


def _placeholders(template: str) -> set[str]:
    """Raises nothing: a template that cannot be parsed has placeholders that fit no other."""
    try:
        return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
    except ValueError:
        return {template}


def _edges(words: str) -> tuple[str, str]:
    return words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]


def _key(entry: Entry) -> str:
    return _one(entry.id)


def _one(english: str | Iterable[str]) -> str:
    return english if isinstance(english, str) else next(iter(english))


def _read(package: Path, language: str) -> Catalog | None:
    path = package / "catalogues" / f"{language}.po"
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _plurals(language: str) -> tuple[int, str]:
    """How many forms a sentence with a number has, and the rule that chooses one."""
    plural = get_plural(language)
    return _PLURALS.get(language, (plural.num_plurals, plural.plural_expr))


def _header(language: str) -> str:
    """What a catalogue begins with: nothing that would change with the day."""
    forms, rule = _plurals(language)
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: nplurals={forms}; plural={rule};\\n"\n\n'
    )
