"""Every error of botcore, in one tree.

::

    BotcoreError
    ├── ConfigError                     a setting is wrong; names file, key and allowed values
    ├── EnvironmentFault                this machine lacks something; says how to mend it
    │   └── SandboxUnavailable          a wall of the sandbox does not hold
    ├── PluginError                     a plugin broke its contract
    │   └── UnknownPlugin               nothing of that name is loaded
    │       └── UnknownProvider
    ├── InputError                      the sender can mend it
    │   ├── EmptyText, TextTooShort, TextTooLong, CodeTooLong, NotText, ForbiddenCharacter
    │   ├── UnsupportedAttachment, and one for each kind
    │   ├── NotDrawnYet, NotYours, AgainUnclear
    │   ├── UnknownChoice, UnknownLanguage
    │   ├── LinkCodeWrong, OwnLinkCode, AlreadyLinked, LinkOver, LinkNotReady
    │   └── UnknownCommand
    ├── LimitError                      later, or less
    │   ├── RateLimited, TooManyJobs, LinkTriesUsedUp
    ├── AccessRefused                   not on the operator's list
    ├── StateError
    │   ├── NotFound
    │   │   └── NoSuchVideo, UnknownPerson
    │   ├── IllegalMove                 a job may not go from this status to that one
    │   ├── Superseded                  another writer was first (compare-and-set lost)
    │   └── DataDirInUse
    ├── JobError                        why a job ended
    │   ├── JobCancelled, JobTimeout, WorkerLost
    ├── ProviderError
    │   ├── ProviderAbstained           not its kind of problem; the next one may know
    │   ├── ProviderUnavailable         try again, perhaps later
    │   ├── ProviderTooSlow             asking again would take as long
    │   ├── ProviderRefused             final
    │   ├── CannotChange                nobody can make that wish come true
    │   └── ProvidersExhausted          all were tried; carries every error
    ├── SourceError                     the source cannot be rendered; carries findings
    │   ├── SourceInvalid, SourceSyntaxError, SceneMissing
    ├── RenderError
    │   ├── SceneFailed                 the scene raised; line and message
    │   ├── RenderTimeout, RenderMemoryExceeded, RenderCrashed, RenderOutputFlood
    │   ├── VideoMissing, VideoInvalid, VideoTooLarge
    │   └── RendererUnavailable         machinery: try again
    ├── StoreError
    │   ├── StoreUnavailable, StoreFull, ObjectMissing
    └── DeliveryError
        ├── DeliveryUnavailable         try again
        │   └── DeliveryUncertain       the platform may have it: its receipt decides
        ├── ConversationClosed          the platform takes it once the person has written again
        └── DeliveryRejected            the platform will never take it
            └── MediaRejected           it takes messages, but not this file
                └── MediaTooLarge       ... because it is too big

Each class fixes a ``code`` (stable, machine-readable), a ``text`` (a template for the person who sent
the message: what was wrong, where, what to do) and its ``handling``. ``detail`` is for the operator and is
never shown in a chat.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import ClassVar

from botcore.languages import Catalogue

Param = str | int | float


class Handling(StrEnum):
    """What the caller of a failed step may do."""

    RETRY = "retry"
    """The same step may succeed later; ``retry_after`` seconds where the other side said so."""
    FAIL_OVER = "fail_over"
    """The same step will fail again here; another provider or another source may succeed."""
    FINAL = "final"
    """Nothing will help: tell the person."""


class BotcoreError(Exception):
    """Base of all errors.

    :param detail: for logs and operators; must not hold a secret or a message's text.
    :param retry_after: seconds to wait before a retry, where known.
    :param params: values for the placeholders of ``text``; stored with the job, so that the sentence can be
        made again in the user's language.
    """

    code: ClassVar[str] = "internal"
    text: ClassVar[str] = "Something went wrong on our side. It has been noted; please try again in a minute."
    handling: ClassVar[Handling] = Handling.FINAL

    def __init__(self, detail: str = "", /, *, retry_after: float | None = None, **params: Param) -> None:
        self.detail = detail
        self.retry_after = retry_after
        self.params: Mapping[str, Param] = params
        super().__init__(detail or self.message)

    @property
    def message(self) -> str:
        """The sentence for the user, in English."""
        return self.say("en", self.params)

    @classmethod
    def say(cls, language: str, params: Mapping[str, Param]) -> str:
        """The sentence of this class of error in ``language``; never raises.

        A plugin's own errors speak from the plugin's catalogue.
        """
        return _catalogue(cls.__module__.partition(".")[0]).text(language, cls.text, **params)


@cache
def _catalogue(package: str) -> Catalogue:
    return Catalogue(package)


def error_text(error: BotcoreError, language: str) -> str:
    """The sentence for the user, in their language (a BCP 47 tag; unknown ones are English)."""
    return error.say(language, error.params)


def error_classes(root: type[BotcoreError] = BotcoreError) -> Iterator[type[BotcoreError]]:
    """Every class of the tree that is loaded now, ``root`` first."""
    yield root
    for child in root.__subclasses__():
        yield from error_classes(child)


def text_of(code: str, language: str, params: Mapping[str, Param]) -> str:
    """The sentence that belongs to a code; the one of :class:`BotcoreError` for an unknown code."""
    return next((cls for cls in error_classes() if cls.code == code), BotcoreError).say(language, params)


class ConfigError(BotcoreError):
    """Settings are wrong; ``problems`` holds one line for each, and ``str()`` gives them all."""

    code = "config_invalid"
    text = "The configuration is not valid: {problem}"

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems), problem="; ".join(problems))


class EnvironmentFault(BotcoreError):
    """This machine lacks something. ``remedy`` says how to mend it."""

    code = "environment"
    text = "This machine is missing something: {problem}. {remedy}"


class SandboxUnavailable(EnvironmentFault):
    code = "sandbox_unavailable"
    text = "Videos cannot be rendered safely here, so nothing was rendered. The operator has to mend it."


class PluginError(BotcoreError):
    code = "plugin_failed"
    text = "A part of the bot is broken. The operator has to look at it."


class UnknownPlugin(PluginError):
    code = "plugin_unknown"
    text = "There is no {kind} named “{name}”. Available: {available}."


class UnknownProvider(UnknownPlugin):
    code = "provider_unknown"
    text = "There is no provider named “{name}”. Available: {available}."


class InputError(BotcoreError):
    code = "input_invalid"
    text = "That message cannot be used: {problem}"


class EmptyText(InputError):
    code = "text_empty"
    text = "The message is empty. Send a maths problem, for example: solve x^2 - 5x + 6 = 0"


class TextTooShort(InputError):
    code = "text_too_short"
    text = (
        "That is too short for me to know what to do with it. Write the problem out (at least {minimum} "
        "characters), for example: solve x^2 - 5x + 6 = 0"
    )


class TextTooLong(InputError):
    code = "text_too_long"
    text = "That is too long: {length} characters, and {maximum} is the limit. Send one problem at a time."


class CodeTooLong(TextTooLong):
    code = "code_too_long"
    text = "That is too much code: {maximum} characters is the limit. Send a shorter scene."


class NotText(InputError):
    code = "text_binary"
    text = "That is not plain text. Send the problem in words or as a formula, or code as text or a .py file."


class ForbiddenCharacter(NotText):
    code = "text_character"
    text = "There is a character in it that nobody can see ({character}). Send the text without it."


class UnsupportedAttachment(InputError):
    code = "attachment_unsupported"
    text = "I can read text only. Send the problem in words or as a formula, or code as text or a .py file."


class UnsupportedPicture(UnsupportedAttachment):
    code = "attachment_picture"
    text = "I cannot read pictures yet. Type the problem, for example: solve x^2 - 5x + 6 = 0"


class UnsupportedVideo(UnsupportedAttachment):
    code = "attachment_video"
    text = "I cannot watch videos. Type the problem, for example: solve x^2 - 5x + 6 = 0"


class UnsupportedSound(UnsupportedAttachment):
    code = "attachment_sound"
    text = "I cannot listen to voice or sound. Type the problem, for example: solve x^2 - 5x + 6 = 0"


class UnsupportedFile(UnsupportedAttachment):
    code = "attachment_file"
    text = "I cannot read this kind of file. Type the problem, or send code as text or a .py file."


class NotDrawnYet(InputError):
    code = "not_drawn_yet"
    text = "That video is not drawn yet. Wait until it is there, then reply to it with what shall change."


class NotYours(InputError):
    code = "not_yours"
    text = "That video is made for somebody else: only they can cancel it."


class AgainUnclear(InputError):
    code = "again_unclear"
    text = (
        "I know the qualities low, medium and high, and the shapes 16:9, 9:16 and 1:1. For example: "
        "/again high 9:16"
    )


class UnknownCommand(InputError):
    code = "command_unknown"
    text = "I do not know the command {command}. Send /help to see what I can do."


class UnknownChoice(InputError):
    code = "choice_unknown"
    text = "“{value}” is not one of them. Choose one of {choices}."


class UnknownLanguage(InputError):
    code = "language_unknown"
    text = "I do not speak “{name}”. I know {available}."


class LinkCodeWrong(InputError):
    code = "link_code_wrong"
    text = (
        "That code is wrong, or it was used, or its 10 minutes are over. Send /link in your other chat to "
        "get a new one."
    )


class OwnLinkCode(InputError):
    code = "link_code_own"
    text = "That is the code that I gave you here. Type it in your other chat."


class AlreadyLinked(InputError):
    code = "already_linked"
    text = "These two are linked already."


class LinkOver(InputError):
    code = "link_over"
    text = "There is nothing to confirm any more. Send /link to begin again."


class LinkNotReady(InputError):
    code = "link_not_ready"
    text = "Your other chat comes first: type the code there and say yes."


class LimitError(BotcoreError):
    code = "limit"
    text = "That is more than is allowed right now."


class RateLimited(LimitError):
    code = "rate_limited"
    text = "That was quick! You can send {limit} problems a minute. Please try again in {seconds} s."


class TooManyJobs(LimitError):
    code = "too_many_jobs"
    text = "You already have {limit} videos on the way. Wait for one of them, or cancel one with /cancel."


class LinkTriesUsedUp(LimitError):
    code = "link_tries_used_up"
    text = "Those were too many wrong codes. Please try again in {minutes} min."


class AccessRefused(BotcoreError):
    code = "access_refused"
    text = "Sorry, I may not answer you here: this bot is open to certain people only. Its operator decides."


class StateError(BotcoreError):
    code = "state"


class NotFound(StateError):
    code = "not_found"
    text = "There is nothing with that id."


class UnknownPerson(NotFound):
    code = "person_unknown"
    text = "Nothing is kept about {user}."


class NoSuchVideo(NotFound):
    code = "no_such_video"
    text = "There is no video with that id. /history lists yours."


class IllegalMove(StateError):
    code = "illegal_move"
    text = "That cannot be done now: the video has moved on meanwhile. /status shows where it is."


class Superseded(StateError):
    code = "superseded"
    text = "Somebody else changed this at the same moment. Please look again."
    handling = Handling.RETRY


class DataDirInUse(StateError):
    code = "data_dir_in_use"
    text = "Another botcore already runs on {path}. Stop it, or choose another data_dir."


class JobError(BotcoreError):
    code = "job_failed"


class JobCancelled(JobError):
    code = "cancelled"
    text = "Cancelled, as you asked."


class JobTimeout(JobError):
    code = "timeout"
    text = "This took longer than {seconds} s, so I stopped. Try a simpler or shorter version."


class WorkerLost(JobError):
    code = "worker_lost"
    text = "The machine that worked on this failed several times. Please send it again."


class ProviderError(BotcoreError):
    """``tokens`` and ``cost`` (US dollars): what the failed call used all the same; its raiser sets them."""

    code = "provider_failed"
    text = "The video's script could not be written this time. Please try again."
    handling = Handling.FAIL_OVER

    tokens: int = 0
    cost: float = 0.0


class ProviderAbstained(ProviderError):
    """The problem is not of a kind this provider knows; ``params['advice']`` helps the student."""

    code = "provider_abstained"
    text = "I could not solve this one. {advice}"


class ProviderUnavailable(ProviderError):
    code = "provider_unavailable"
    text = "The service that writes the video's script is not answering. Please try again in a few minutes."
    handling = Handling.RETRY


class ProviderTooSlow(ProviderError):
    """It was silent for too long, or its answer took too long in all."""

    code = "provider_slow"
    text = ProviderUnavailable.text


class ProviderRefused(ProviderError):
    code = "provider_refused"
    text = "I cannot make a video of this. If it is a maths problem, please put it in other words."
    handling = Handling.FINAL


class ProvidersExhausted(ProviderError):
    """All providers failed; ``errors`` holds (provider name, error) in the order tried."""

    code = "providers_exhausted"
    text = "Nobody could write the video's script this time. Please try again in a few minutes."
    handling = Handling.FINAL

    def __init__(self, errors: list[tuple[str, BotcoreError]]) -> None:
        self.errors = errors
        # One voice is clearer than a list: an abstention's advice is the most useful thing to read.
        spoken = next((e for _, e in errors if isinstance(e, ProviderAbstained)), None) or (
            errors[-1][1] if errors else ProviderUnavailable()
        )
        super().__init__("; ".join(f"{name}: {error.code} {error.detail}".rstrip() for name, error in errors))
        self.params = {**spoken.params, "spoken": spoken.code}

    @classmethod
    def say(cls, language: str, params: Mapping[str, Param]) -> str:
        """What the error says that speaks for all."""
        spoken = str(params.get("spoken", cls.code))
        return super().say(language, params) if spoken == cls.code else text_of(spoken, language, params)


class CannotChange(ProviderError):
    """Nobody is there who could change a source as the person wishes."""

    code = "cannot_change"
    text = (
        "I can change the quality of a video (“in high quality”) and its shape (“vertical”, “square”), but "
        "not this yet. For another problem, send all of it as a new message."
    )
    handling = Handling.FINAL


class SourceError(BotcoreError):
    code = "source_invalid"
    text = "The code cannot be rendered: {problem}"
    handling = Handling.FAIL_OVER


class SourceInvalid(SourceError):
    code = "code_invalid"
    text = "The code cannot be rendered. Line {line}: {problem}"


class SourceSyntaxError(SourceError):
    code = "code_syntax"
    text = "The code is not valid Python. Line {line}, column {column}: {problem}"


class SceneMissing(SourceError):
    code = "scene_missing"
    text = (
        "The code has no scene to draw. Write a class such as “class Demo(Scene)” with a construct method "
        "that plays something."
    )


class RenderError(BotcoreError):
    code = "render_failed"
    text = "The video could not be rendered."
    handling = Handling.FAIL_OVER


class SceneFailed(RenderError):
    code = "scene_failed"
    text = "The code stopped with an error in line {line}: {problem}"


class RenderTimeout(RenderError):
    code = "render_timeout"
    text = "Drawing took longer than {seconds} s, so I stopped. Try a shorter or simpler scene."


class RenderMemoryExceeded(RenderError):
    code = "render_memory"
    text = "Drawing needed more than {limit_mb} MB of memory, so I stopped. Try fewer or simpler objects."


class RenderCrashed(RenderError):
    code = "render_crashed"
    text = "The drawing program crashed while it ran this code. Try a simpler version."


class RenderOutputFlood(RenderError):
    code = "render_output_flood"
    text = "The code prints far too much text. Remove the print calls and send it again."


class VideoMissing(RenderError):
    code = "video_missing"
    text = "The code ran to its end but drew no video. Play an animation or add something to the scene."


class VideoInvalid(RenderError):
    code = "video_invalid"
    text = "The code left something that is not a playable video."


class VideoTooLarge(RenderError):
    code = "video_too_large"
    text = "The video grew over {limit_mb} MB. Try a shorter scene or a lower quality."


class RendererUnavailable(RenderError):
    code = "renderer_unavailable"
    text = "The drawing program is restarting. Please try again in a minute."
    handling = Handling.RETRY


class StoreError(BotcoreError):
    code = "store_failed"
    text = "The video could not be saved. Please try again."


class StoreUnavailable(StoreError):
    code = "store_unavailable"
    handling = Handling.RETRY


class StoreFull(StoreError):
    code = "store_full"
    text = "There is no room left to save the video. The operator has been told."


class ObjectMissing(StoreError):
    code = "object_missing"
    text = "This video is gone. Videos are deleted after they were seen, or after a day."


class DeliveryError(BotcoreError):
    code = "delivery_failed"
    text = "The video could not be sent to you."


class DeliveryUnavailable(DeliveryError):
    code = "delivery_unavailable"
    handling = Handling.RETRY


class DeliveryUncertain(DeliveryUnavailable):
    """The request went out and no answer came back. On platforms with receipts it is not repeated at once."""

    code = "delivery_uncertain"


class ConversationClosed(DeliveryError):
    """The platform lets a bot write only for some time after the person wrote. The message is held."""

    code = "conversation_closed"


class DeliveryRejected(DeliveryError):
    code = "delivery_rejected"


class MediaRejected(DeliveryRejected):
    code = "media_rejected"


class MediaTooLarge(MediaRejected):
    code = "media_too_large"
    text = (
        "The video is {size_mb} MB, and no more than {limit_mb} MB can be sent here. Try a shorter scene or "
        "a lower quality."
    )
