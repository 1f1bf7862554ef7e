"""Jobs, and those who write their sources."""

from __future__ import annotations

from collections.abc import Mapping

from botcore.errors.base import BotcoreError, Handling, Param, text_of


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
