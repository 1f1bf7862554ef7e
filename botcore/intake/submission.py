"""One door for every job: chat, web and command line submit here, under the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from botcore.config import Settings
from botcore.errors import ConfigError, EnvironmentFault, UnknownPlugin, UnknownProvider
from botcore.hooks.descriptors import ProviderDescriptor, RendererDescriptor
from botcore.intake.access import Allowances
from botcore.intake.asking import ask
from botcore.intake.routing import Submitted
from botcore.intake.text import TextRules, check_code, check_problem, check_wish
from botcore.model import Job, JobKind, RenderOptions, Session
from botcore.pipeline import JobControl
from botcore.state import NewJob
from botcore.telemetry import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a submission comes from and where its video goes. ``announce``: an adapter carries status
    messages there."""

    platform: str
    chat_id: str
    announce: bool = True
    reply_to: str | None = None


class Submissions:
    """Checks a submission and makes it a job, once.

    :param scope: the processes that may run the jobs, see :mod:`botcore.state`.
    :param allowances: how much each session may submit, counted from rows.
    """

    def __init__(
        self,
        control: JobControl,
        settings: Settings,
        *,
        renderers: Mapping[str, RendererDescriptor],
        providers: Mapping[str, ProviderDescriptor],
        scope: str,
        allowances: Allowances,
    ) -> None:
        self._control = control
        self.renderers = renderers
        self._providers = providers
        self._scope = scope
        self._allowances = allowances
        self._default_renderer = settings.renderer
        limit = settings.limits
        self.rules = TextRules(limit.text_min, limit.text_max, limit.code_max)

    async def submit(
        self,
        session: Session,
        place: Place,
        submitted: Submitted,
        *,
        options: RenderOptions,
        language: str,
        provider: str | None = None,
        key: str | None = None,
        fingerprint: str | None = None,
    ) -> tuple[Job, bool]:
        """Make the job of a submission; with a ``key`` that was seen before, the job of that time and False.

        :param fingerprint: kept with the key, to tell whether it came with the same request again.
        :raises InputError: the text breaks a rule.
        :raises LimitError: the session sent too much.
        :raises UnknownPlugin: there is no such provider or renderer.
        """
        submitted = self.check(submitted, provider)
        new = NewJob(
            session_id=session.id,
            kind=submitted.kind,
            platform=place.platform,
            chat_id=place.chat_id,
            renderer=self._renderer(submitted.renderer).name,
            options=options,
            text=submitted.text,
            user_language=language or "en",
            provider=provider,
            reply_to=place.reply_to,
            scope=self._scope,
            fingerprint=fingerprint,
        )
        job, created = await self._control.submit(
            new, key=key, limits=await self._allowances.of(session.id), announce=place.announce
        )
        if created:
            log.info("job_submitted", job=job.id, session=session.id, kind=job.kind.value)
        return job, created

    async def remake(
        self,
        session: Session,
        place: Place,
        parent: Job,
        *,
        options: RenderOptions,
        language: str,
        wish: str | None = None,
        mended: bool = False,
        provider: str | None = None,
        key: str | None = None,
        fingerprint: str | None = None,
    ) -> tuple[Job, bool]:
        """Make a job of a job: with the source of ``parent`` where it has one, else of the same text.

        :param wish: what shall be different about that source; None to draw it as it is.
        :param mended: the source may be rewritten where it does not work, although a person wrote it.
        :raises InputError: the wish is empty or too long.
        :raises LimitError: the session sent too much.
        """
        wished = None if wish is None else check_wish(wish, self.rules)
        rewritten = wished is not None and parent.kind is JobKind.CODE
        new = NewJob(
            session_id=session.id,
            kind=JobKind.PROBLEM if rewritten or mended else parent.kind,
            platform=place.platform,
            chat_id=place.chat_id,
            renderer=parent.renderer,
            options=options,
            text=wished if wished is not None and rewritten else parent.text,
            user_language=language,
            # An exact provider has no ear for wishes, whoever chose it.
            provider=None if wished is not None and self._exact(provider) else provider,
            parent_id=parent.id,
            source=parent.source,
            wish=wished,
            reply_to=place.reply_to,
            scope=self._scope,
            fingerprint=fingerprint,
        )
        limits = await self._allowances.of(session.id)
        job, created = await self._control.submit(new, key=key, limits=limits, announce=place.announce)
        if created:
            log.info("job_submitted", job=job.id, session=session.id, kind=job.kind.value, parent=parent.id)
        return job, created

    @property
    def changeable(self) -> bool:
        """Whether somebody is installed who can change a source as a person wishes."""
        return any(not provider.exact for provider in self._providers.values())

    def _exact(self, provider: str | None) -> bool:
        return provider is not None and provider in self._providers and self._providers[provider].exact

    def check(self, submitted: Submitted, provider: str | None = None) -> Submitted:
        """The submission as it would be taken; raises what :meth:`submit` raises, and writes nothing."""
        if submitted.kind is JobKind.CODE:
            text = check_code(submitted.text, self.rules)
        else:
            text = check_problem(submitted.text, self.rules, self.recognised)
        if provider is not None and provider not in self._providers:
            raise unknown("provider", provider, self._providers)
        return replace(submitted, text=text)

    def _renderer(self, name: str | None) -> RendererDescriptor:
        name = name or self._default_renderer
        if name:
            if name not in self.renderers:
                raise unknown("renderer", name, self.renderers)
            return self.renderers[name]
        return only_renderer(self.renderers)

    def recognised(self, text: str) -> bool:
        """Whether an exact provider knows this text for a problem."""
        return any(
            ask(provider.name, "recognises", provider.recognises, text, otherwise=False)
            for provider in self._providers.values()
            if provider.exact and provider.recognises is not None
        )


def only_renderer(renderers: Mapping[str, RendererDescriptor]) -> RendererDescriptor:
    """The installed renderer when there is one and no setting names it.

    :raises EnvironmentFault: none is installed.
    :raises ConfigError: there are several.
    """
    if not renderers:
        raise EnvironmentFault(
            problem="no renderer is installed", remedy="Install one: pip install 'botcore-framework[manim]'"
        )
    if len(renderers) > 1:
        raise ConfigError(f"renderer: several are installed; choose one of {', '.join(sorted(renderers))}")
    return next(iter(renderers.values()))


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownPlugin:
    """The error for a name that nothing has."""
    available = ", ".join(sorted(known)) or "–"
    if kind == "provider":
        return UnknownProvider(name=name, available=available)
    return UnknownPlugin(kind=kind, name=name, available=available)
