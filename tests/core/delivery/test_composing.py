"""What a platform gets of one outbox row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from botcore.delivery.composing import Surroundings, compose
from botcore.model import Artifact, Button, Capabilities, OutgoingKind, RenderProgress, Status, TextUnit
from botcore.state import OutboxItem, OutboxStatus, Payload

FILM = Artifact(Path("video.mp4"), "video/mp4", 1, 1.0, 854, 480)


def item(kind: OutgoingKind, text: str, *buttons: Button) -> OutboxItem:
    return OutboxItem(
        id=1,
        dedupe="d",
        platform="p",
        chat_id="c",
        payload=Payload(kind, text, buttons=buttons),
        status=OutboxStatus.PENDING,
        revision=1,
        job_id="j",
        message_ids=(),
        parts_sent=0,
        tries=1,
        reason=None,
        owner="o",
    )


def test_a_video_in_place_of_the_status_message_is_followed_by_a_message_that_notifies() -> None:
    can = Capabilities(text_to_media=True, edit_text=True, caption_limit=100, buttons=3)
    again = Button("Again", "/again")
    video, told = compose(item(OutgoingKind.VIDEO, "Here it is.", again), can, Surroundings(FILM, "m7"))
    assert (video.kind, video.edits, video.text, video.buttons) == (OutgoingKind.VIDEO, "m7", "", (again,))
    assert (told.kind, told.edits, told.text) == (OutgoingKind.TEXT, None, "Here it is.")
    assert (told.media, told.reply_to, told.buttons) == (None, "m7", ())


def test_a_video_of_its_own_has_its_words_as_caption() -> None:
    can = Capabilities(text_to_media=True, edit_text=True, caption_limit=100)
    (video,) = compose(item(OutgoingKind.VIDEO, "Here it is."), can, Surroundings(FILM, None))
    assert (video.edits, video.text, video.media) == (None, "Here it is.", FILM)


@pytest.mark.parametrize(
    ("status", "ids", "text"),
    [
        (Status.QUEUED, (), "So far. · j"),
        (Status.QUEUED, ("m1",), "So far. · j"),
        (Status.RENDERING, (), "So far. · j"),
        (Status.RENDERING, ("m1",), "So far."),
        (Status.FAILED, (), "So far."),
    ],
)
def test_the_first_status_message_names_its_job_whatever_it_is_at(
    status: Status, ids: tuple[str, ...], text: str
) -> None:
    first = item(OutgoingKind.STATUS, "So far.")
    first = replace(first, payload=replace(first.payload, status=status), message_ids=ids)
    (out,) = compose(first, Capabilities(edit_text=True), Surroundings())
    assert out.text == text


def test_a_first_message_that_will_never_be_edited_tells_no_progress() -> None:
    """The platform was down until the video was half drawn, or ready."""
    can = Capabilities()
    first = item(OutgoingKind.STATUS, "Drawing the video… animation 1 (0%)")
    drawing = replace(
        first.payload, status=Status.RENDERING, progress=RenderProgress(1, 2, 0.0), language="es"
    )
    (out,) = compose(replace(first, payload=drawing), can, Surroundings())
    assert out.text == "Dibujando el vídeo… · j"
    ready = replace(first, payload=replace(first.payload, status=Status.READY))
    assert compose(ready, can, Surroundings()) == []
    assert len(compose(ready, Capabilities(edit_text=True), Surroundings())) == 1


def test_a_button_whose_data_is_too_long_is_told_in_words() -> None:
    can = Capabilities(buttons=3, button_data_limit=8, text_unit=TextUnit.UTF16)
    short, long = Button("Yes", "/sí-1234"[:7]), Button("No", "/" + "ñ" * 4)
    (out,) = compose(item(OutgoingKind.TEXT, "Sure?", short, long), can, Surroundings())
    assert out.buttons == (short,)
    assert out.text == "Sure?\nNo: /ññññ"
