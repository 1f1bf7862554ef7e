"""From an outbox row to the messages that a platform can take: splits, captions, edits, buttons."""

from __future__ import annotations

from dataclasses import dataclass, replace

from botcore.delivery.splitting import length, split
from botcore.delivery.wording import stage_text
from botcore.model import Artifact, Button, Capabilities, Outgoing, OutgoingKind, Status
from botcore.state import UNFINISHED, OutboxItem, Payload, tracker

_OF_JOBS = frozenset({OutgoingKind.STATUS, OutgoingKind.VIDEO, OutgoingKind.LINK})
_BAD_NEWS = frozenset({Status.FAILED, Status.CANCELLED, Status.EXPIRED})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What else a message needs: the file of a video and the id of the job's status message, or the address
    that a link leads to."""

    media: Artifact | None = None
    status_message: str | None = None
    address: str = ""


def compose(item: OutboxItem, capabilities: Capabilities, around: Surroundings) -> list[Outgoing]:
    """The messages to send, in order; none when the platform has no way to say it again."""
    payload = item.payload
    edits = None
    if payload.kind is OutgoingKind.STATUS and capabilities.edit_text:
        edits = item.message_ids[0] if item.message_ids else None
    elif payload.kind is OutgoingKind.STATUS and payload.status not in _BAD_NEWS:
        if item.message_ids or payload.status is Status.READY:
            return []  # the first message promised a video, or the video comes before it was sent
        if payload.progress is not None and payload.status is not None:
            # It stays as it is: how far the video was then is soon not true any more.
            payload = replace(payload, text=stage_text(payload.status, payload.language), progress=None)
    if payload.kind is OutgoingKind.VIDEO and capabilities.text_to_media:
        edits = around.status_message
    whole = Outgoing(
        id=str(item.id),
        platform=item.platform,
        chat_id=item.chat_id,
        kind=payload.kind,
        text=_words(item, payload, around),
        job_id=item.job_id,
        status=payload.status,
        progress=payload.progress,
        media=around.media,
        buttons=payload.buttons,
        edits=edits,
        reply_to=payload.reply_to,
        language=payload.language,
    )
    parts = _split(_with_buttons(whole, capabilities), capabilities)
    return [
        replace(part, tracker=tracker(item.id, item.dedupe, item.revision, number))
        for number, part in enumerate(parts)
    ]


def _words(item: OutboxItem, payload: Payload, around: Surroundings) -> str:
    """What it says: to begin with also the id that /status, /cancel and /code take, whatever the job is at by
    then."""
    begins = payload.status is Status.QUEUED or (payload.status in UNFINISHED and not item.message_ids)
    if payload.kind is OutgoingKind.STATUS and begins:
        return f"{payload.text} · {item.job_id}"
    return "\n".join(filter(None, (payload.text, around.address)))


def _with_buttons(out: Outgoing, capabilities: Capabilities) -> Outgoing:
    """Buttons that the platform cannot show become lines of text; where it has none at all, the convenience
    below a job's messages is left away: it would be told again with every step."""
    if not capabilities.buttons and out.kind in _OF_JOBS:
        out = replace(out, buttons=tuple(button for button in out.buttons if button.url))
    shown = tuple(button for button in out.buttons if _shows(button, capabilities))[: capabilities.buttons]
    told = [f"{button.label}: {button.url or button.data}" for button in out.buttons if button not in shown]
    text = "\n".join(line for line in [out.text, *told] if line)
    return replace(out, text=text, buttons=shown)


def _shows(button: Button, capabilities: Capabilities) -> bool:
    label, data = capabilities.button_label_limit, capabilities.button_data_limit
    return (not label or len(button.label) <= label) and (not data or len(button.data.encode()) <= data)


def _split(out: Outgoing, capabilities: Capabilities) -> list[Outgoing]:
    if out.kind is OutgoingKind.VIDEO and out.edits is not None:
        # Nobody is notified of an edit: a new message tells, and points to the video.
        told = replace(out, kind=OutgoingKind.TEXT, media=None, edits=None, reply_to=out.edits, buttons=())
        return [replace(out, text=""), *(_split(told, capabilities) if out.text else ())]
    if out.kind is OutgoingKind.VIDEO:
        if length(out.text, capabilities.text_unit) <= capabilities.caption_limit:
            return [out]
        words = replace(out, kind=OutgoingKind.TEXT, media=None, edits=None, reply_to=None)
        return [replace(out, text="", buttons=()), *_split(words, capabilities)]
    texts = split(out.text, capabilities.text_limit, capabilities.text_unit)
    parts = [replace(out, text=texts[0])]
    # Only the first part is the status message; what does not fit follows it as plain text.
    rest = replace(out, kind=OutgoingKind.TEXT, edits=None, reply_to=None, progress=None)
    parts += [replace(rest, text=text) for text in texts[1:]]
    return [*(replace(part, buttons=()) for part in parts[:-1]), parts[-1]]
