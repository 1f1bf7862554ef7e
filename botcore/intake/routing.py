"""Command, code or problem: what a message is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from botcore.errors import (
    EmptyFile,
    UnsupportedAttachment,
    UnsupportedFile,
    UnsupportedPicture,
    UnsupportedSound,
    UnsupportedVideo,
)
from botcore.hooks.descriptors import RendererDescriptor
from botcore.intake.asking import ask
from botcore.intake.text import decode, plain
from botcore.model import Attachment, AttachmentKind, JobKind, Message

# “/cancel@MyBot abc” is how groups address one bot of several.
_COMMAND = re.compile(r"/([A-Za-z][A-Za-z0-9_]*)(?:@\w+)?(?:[ \t]*\n|[ \t]+|$)(.*)", re.DOTALL)
_DIRECTION_MARKS = "\u061c\u200e\u200f\u2066\u2067\u2068\u2069"
_FENCED = re.compile(r"\s*(?P<fence>`{1,3})(?:\w*\n)?([^`]+)(?P=fence)\s*")
_PYTHON_TYPES = frozenset({"text/x-python", "text/x-script.python", "application/x-python-code"})
_UNSUPPORTED: Mapping[AttachmentKind, type[UnsupportedAttachment]] = {
    AttachmentKind.PICTURE: UnsupportedPicture,
    AttachmentKind.VIDEO: UnsupportedVideo,
    AttachmentKind.AUDIO: UnsupportedSound,
    AttachmentKind.DOCUMENT: UnsupportedFile,
}


@dataclass(frozen=True, slots=True)
class CommandCall:
    """``/name argument``; the name in lower case. An argument that starts on a line of its own keeps that
    line's indentation: it may be code."""

    name: str
    argument: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """Words or code to be made into a video. ``renderer`` names the one that knows the code's language,
    None where any will do."""

    kind: JobKind
    text: str
    renderer: str | None = None


def route(
    message: Message, renderers: Sequence[RendererDescriptor], recognised: Callable[[str], bool]
) -> CommandCall | Submitted:
    """Say what ``message`` is. A code file counts before its caption.

    :param recognised: whether an exact provider knows a text: such words are taken under a picture, too.
    :raises InputError: nothing in it can be used.
    """
    if message.attachments:
        return _attached(message.attachments, message.text, renderers, recognised)
    text = plain(message.text)
    call = parse_command(text)
    return call if call is not None else code_or_problem(text, renderers)


def parse_command(text: str) -> CommandCall | None:
    """The command that ``text`` is, if it is one."""
    # A command that is copied from an Arabic sentence brings along the marks that kept it apart there.
    match = _COMMAND.fullmatch(text.strip().strip(_DIRECTION_MARKS).strip())
    if match is None:
        return None
    return CommandCall(match.group(1).lower(), match.group(2))


def code_or_problem(text: str, renderers: Sequence[RendererDescriptor]) -> Submitted:
    """Code, when a renderer finds its language in ``text`` (fenced or not); otherwise a problem,
    without the fence that some people put around a formula."""
    for renderer in renderers:
        code = ask(renderer.name, "detect", renderer.detect, text, otherwise=None)
        if code is not None:
            return Submitted(JobKind.CODE, code, renderer.name)
    fenced = _FENCED.fullmatch(text)
    return Submitted(JobKind.PROBLEM, text if fenced is None else fenced[2])


def as_code(text: str, renderers: Sequence[RendererDescriptor]) -> Submitted:
    """``text`` as code, because the person says that it is; fences and prose go where they are found."""
    found = code_or_problem(text, renderers)
    return found if found.kind is JobKind.CODE else Submitted(JobKind.CODE, text)


def is_code_file(name: str, media_type: str = "") -> bool:
    """Whether a file of this name or type holds code."""
    return (
        name.lower().endswith(".py") or media_type.split(";", maxsplit=1)[0].strip().lower() in _PYTHON_TYPES
    )


def _attached(
    attachments: Sequence[Attachment],
    caption: str,
    renderers: Sequence[RendererDescriptor],
    recognised: Callable[[str], bool],
) -> CommandCall | Submitted:
    for attachment in attachments:
        if is_code_file(attachment.name, attachment.media_type) and attachment.data is not None:
            if not attachment.data:
                raise EmptyFile
            return as_code(plain(decode(attachment.data)), renderers)
    caption = plain(caption)
    call = parse_command(caption)
    if call is not None:
        return call
    words = code_or_problem(caption, renderers)
    if words.kind is JobKind.CODE or recognised(words.text.strip()):
        return words
    raise _UNSUPPORTED.get(attachments[0].kind, UnsupportedAttachment)
