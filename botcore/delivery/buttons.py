"""What people can press below the messages of a job. A button says what a person could have typed."""

from __future__ import annotations

from functools import cache

from botcore.errors import Handling, RenderError, SourceError, error_classes
from botcore.languages import text
from botcore.model import Aspect, Button, Job, JobKind, Quality, Status
from botcore.state import UNFINISHED

LONGEST_LABEL = 20
"""Characters of a label, in every language: no platform shows more everywhere."""


def status_buttons(job: Job, *, fixes: bool = False) -> tuple[Button, ...]:
    """Below the status message: a way to stop, for as long as there is something to stop, a way to have
    the video after all when it was deleted before it could be sent, and a way to have code mended.

    :param fixes: whether somebody is there who can mend code.
    """
    if fixes and fixable(job):
        return (Button(text(job.user_language, "Fix it"), f"/fix {job.id}"),)
    if job.status is Status.EXPIRED:
        return (Button(text(job.user_language, "Render again"), f"/again {job.id}"),)
    if job.status not in UNFINISHED:
        return ()
    return (Button(text(job.user_language, "Cancel"), f"/cancel {job.id}"),)


def fixable(job: Job) -> bool:
    """Whether it failed by the code that the person sent, and not by the machine or for want of time."""
    failed = job.status is Status.FAILED and job.kind is JobKind.CODE
    return failed and job.source is not None and job.failure is not None and job.failure.code in _faults()


@cache
def _faults() -> frozenset[str]:
    classes = [*error_classes(SourceError), *error_classes(RenderError)]
    return frozenset(cls.code for cls in classes if cls.handling is Handling.FAIL_OVER)


def video_buttons(job: Job) -> tuple[Button, ...]:
    """Below the video: the same once more, sharper or in another shape, and its code."""
    language = job.user_language
    buttons = []
    if job.options.quality is not Quality.HIGH:
        buttons.append(Button(text(language, "In high quality"), f"/again {job.id} {Quality.HIGH}"))
    if job.options.aspect is Aspect.TALL:
        buttons.append(Button(text(language, "Horizontal"), f"/again {job.id} {Aspect.WIDE}"))
    else:
        buttons.append(Button(text(language, "Vertical"), f"/again {job.id} {Aspect.TALL}"))
    buttons.append(Button(text(language, "Show code"), f"/code {job.id}"))
    return tuple(buttons)
