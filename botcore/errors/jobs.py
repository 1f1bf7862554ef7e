"""Jobs, and those who write their sources."""

from __future__ import annotations

from collections.abc import Mapping

from botcore.errors.root import BotcoreError, Handling, Param, text_of


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


class AttemptsFailed(JobError):
    """Scripts were written, and none could be drawn. ``count`` of them, written by ``providers``;
    ``spoken`` is the code of what was wrong with the last one, whose params are held besides."""

    code = "attempts_failed"
    text = (
        "I could not make this video, so I send none. Scripts that I tried: {count} ({providers}). What was "
        "wrong with the last one: {problem} Please try it in other words, or a smaller part of it."
    )

    @classmethod
    def params_of(
        cls, spoken: str, params: Mapping[str, Param], written: Mapping[str, int]
    ) -> dict[str, Param]:
        """The params for what was wrong with the last script, and how many each provider wrote."""
        names = ", ".join(f"{name}: {count}" for name, count in written.items())
        return {**params, "spoken": spoken, "count": sum(written.values()), "providers": names}

    @classmethod
    def say(cls, language: str, params: Mapping[str, Param]) -> str:
        """With the sentence about the last script in the same language."""
        problem = text_of(str(params.get("spoken", "")), language, params)
        return super().say(language, {**params, "problem": problem})


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


class ProviderMisconfigured(ProviderError):
    """It serves nobody until the operator has mended something: the key, the model's name, the credit."""

    code = "provider_misconfigured"
    text = ProviderUnavailable.text


class ProviderResting(ProviderError):
    """It failed so often that it is left alone for ``retry_after`` seconds. Told to whoever chose it."""

    code = "provider_resting"
    text = (
        "{name} is not answering. Please try again in {minutes} min, or let me choose somebody else: "
        "/provider auto"
    )


class BudgetUsedUp(ProviderError):
    """What the operator allows for a day or a month is spent: that of the person, or of all providers."""

    code = "budget_used_up"
    text = "The budget for today is used up. Problems that need no AI still work, and tomorrow all do again."


class ProviderBudgetUsedUp(BudgetUsedUp):
    """... or that of one provider. Told to whoever chose it."""

    code = "provider_budget_used_up"
    text = "The budget of {name} is used up. Let me choose somebody else: /provider auto"


class ProviderRefused(ProviderError):
    code = "provider_refused"
    text = "I cannot make a video of this. If it is a maths problem, please put it in other words."
    handling = Handling.FINAL


class ProvidersExhausted(ProviderError):
    """All providers failed; ``errors`` holds (provider name, error) in the order tried.

    ``waits``: seconds after which one that is down now may be back; None where waiting does not help.
    ``chosen``: a person chose the one that was asked.
    """

    code = "providers_exhausted"
    text = "Nobody could write the video's script this time ({names}). Please try again in a few minutes."
    handling = Handling.FINAL

    def __init__(
        self, errors: list[tuple[str, BotcoreError]], *, waits: float | None = None, chosen: bool = False
    ) -> None:
        self.errors = errors
        self.waits = waits
        super().__init__("; ".join(f"{name}: {error.code} {error.detail}".rstrip() for name, error in errors))
        spoken = _voice([error for _, error in errors], chosen=chosen)
        if spoken is None:
            asked = [name for name, error in errors if not isinstance(error, ProviderAbstained)]
            self.params = {"names": ", ".join(asked)}
        else:
            self.params = {**spoken.params, "spoken": spoken.code}

    @classmethod
    def say(cls, language: str, params: Mapping[str, Param]) -> str:
        """What the error says that speaks for all."""
        spoken = str(params.get("spoken", cls.code))
        return super().say(language, params) if spoken == cls.code else text_of(spoken, language, params)


_DOWN = (ProviderUnavailable, ProviderTooSlow, ProviderMisconfigured, ProviderResting, BudgetUsedUp)
"""What has nothing to do with what was asked."""


def _voice(errors: list[BotcoreError], *, chosen: bool) -> BotcoreError | None:
    """The error that speaks for all, where one does: one sentence is clearer than a list."""
    tried = [error for error in errors if not isinstance(error, ProviderAbstained)]
    abstained = next((error for error in errors if isinstance(error, ProviderAbstained)), None)
    if chosen and tried:
        return tried[0]
    if tried and all(isinstance(error, BudgetUsedUp) for error in tried):
        return BudgetUsedUp()
    if tried and all(isinstance(error, _DOWN) for error in tried):
        return None  # the same may well work later
    if abstained is not None:  # its advice is the most useful thing to read
        return abstained
    if not tried:
        return ProviderUnavailable()
    return tried[0] if len(tried) == 1 else None


class CannotChange(ProviderError):
    """Nobody is there who could change a source as the person wishes."""

    code = "cannot_change"
    text = (
        "I can change the quality of a video (“in high quality”) and its shape (“vertical”, “square”), but "
        "not this yet. For another problem, send all of it as a new message."
    )
    handling = Handling.FINAL
