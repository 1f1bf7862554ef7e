"""Every setting of the core, with its type and default. ``config/botcore.toml`` documents the same."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    model_validator,
)

from botcore.config.sources import RawSettings
from botcore.model import Aspect, Quality


class Section(BaseModel):
    """A table of the file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True)


class LogSettings(Section):
    format: Literal["auto", "json", "console"] = "auto"
    """``auto``: for people on a terminal, JSON everywhere else."""
    level: Literal["debug", "info", "warning", "error", "critical"] = "info"


def _origin(value: str) -> str:
    url = urlsplit(value)
    usual = url.scheme in {"http", "https"} and bool(url.hostname) and "@" not in url.netloc
    if not usual or value != f"{url.scheme}://{url.netloc}".lower():
        raise ValueError("must be an origin such as https://app.example.org: lower case, no path, and not *")
    return value


def _public_url(value: str) -> str:
    url = urlsplit(value)
    if value and (url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment):
        raise ValueError("must be empty or a URL such as https://bot.example.org")
    return value.rstrip("/")


def _database_url(value: SecretStr) -> SecretStr:
    scheme, separator, rest = value.get_secret_value().partition("://")
    if (scheme or rest) and (scheme not in {"postgres", "postgresql"} or not separator or not rest):
        raise ValueError("must be empty or a URL such as postgres://user:password@host/name")
    return value


class DatabaseSettings(Section):
    url: Annotated[SecretStr, AfterValidator(_database_url)] = SecretStr("")
    """Empty: SQLite in ``data_dir``. Else PostgreSQL: ``postgres://user:password@host/name``."""
    pool: int = Field(default=10, ge=2, le=100)
    """Connections of this process to PostgreSQL, at most."""


def _network(entry: str) -> str:
    try:
        return str(ipaddress.ip_network(entry))
    except ValueError:
        raise ValueError("must be an address or a network, such as “127.0.0.1” or “10.0.0.0/8”") from None


class WebSettings(Section):
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    """0 takes any free port."""
    public_url: Annotated[str, AfterValidator(_public_url)] = ""
    """How people reach this server from outside; makes links, and cookies Secure when it is https."""
    cors_origins: tuple[Annotated[str, AfterValidator(_origin)], ...] = ()
    """Other websites whose pages may use the API, such as ``https://app.example.org``."""
    trusted_proxies: tuple[Annotated[str, AfterValidator(_network)], ...] = ()
    """Addresses and networks of proxies whose ``X-Forwarded-For`` or ``Forwarded`` is believed."""


class PipelineSettings(Section):
    timeout: float = Field(default=300.0, gt=0)
    """Seconds of processing that one job may take; waiting in the queue does not count."""
    max_attempts: int = Field(default=3, ge=1, le=10)
    """Generations of one job in all."""
    workers: int = Field(default=0, ge=0, le=256)
    """Jobs that run side by side; 0 means one for each core."""
    store_wait_hours: float = Field(default=6.0, ge=0)
    """Hours after its submission for which a drawn video waits for a store that does not answer, at most
    video.hours; then the job fails. 0: it fails at once."""


class GenerationSettings(Section):
    when_all_down: Literal["fail", "wait"] = "fail"
    """What becomes of a job while no provider that could write it answers."""
    wait_hours: float = Field(default=6.0, gt=0)
    """Hours after its submission for which such a job waits; then it fails."""


class UserBudget(Section):
    """What one account may use, where it differs from ``[budget]``; 0 is no limit."""

    day_usd: float | None = Field(default=None, ge=0)
    day_tokens: int | None = Field(default=None, ge=0)


class ProviderBudget(Section):
    """What one provider may use for all people together; 0 is no limit."""

    day_usd: float = Field(default=0.0, ge=0)
    day_tokens: int = Field(default=0, ge=0)
    month_usd: float = Field(default=0.0, ge=0)
    month_tokens: int = Field(default=0, ge=0)


class UserLimits(Section):
    """What one account may, where it differs from ``[limits]``; 0 is no limit."""

    per_minute: int | None = Field(default=None, ge=0)
    unfinished: int | None = Field(default=None, ge=0)


def _by_platform(section: str, value: object) -> object:
    """Accounts are written “platform:user” elsewhere; here they are two keys, as variables can spell them."""
    for name in value if isinstance(value, dict) else ():
        platform, colon, user = str(name).partition(":")
        if colon:
            raise ValueError(
                f"write “{platform}:{user}” as two keys here: [{section}.users.{platform}.{user}]"
            )
    return value


class LimitSettings(Section):
    text_min: int = Field(default=10, ge=1)
    """Characters; a shorter problem is taken when an exact provider recognises it."""
    text_max: int = Field(default=5000, ge=1)
    code_max: int = Field(default=50_000, ge=1)
    per_minute: int = Field(default=10, ge=1)
    """Submissions of one session."""
    unfinished: int = Field(default=3, ge=1)
    """Jobs of one session on the way at the same time."""
    users: Annotated[dict[str, dict[str, UserLimits]], BeforeValidator(partial(_by_platform, "limits"))] = (
        Field(default_factory=dict)
    )
    """By platform and user id. Of a person with several accounts the highest limit holds."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.text_min > self.text_max:
            raise ValueError("text_min must not be larger than text_max")
        return self


class BudgetSettings(Section):
    """What language models may use, in US dollars and tokens; days and months are UTC's."""

    day_usd: float = Field(default=0.0, ge=0)
    """Of one session, in a day; 0 is no limit."""
    day_tokens: int = Field(default=0, ge=0)
    users: Annotated[dict[str, dict[str, UserBudget]], BeforeValidator(partial(_by_platform, "budget"))] = (
        Field(default_factory=dict)
    )
    """By platform and user id. Of a person with several accounts the highest budget holds."""
    providers: dict[str, ProviderBudget] = Field(default_factory=dict)
    """By the provider's name."""


def _account(entry: str) -> str:
    platform, _, user = entry.partition(":")
    if not platform or not user:
        raise ValueError("must be like “telegram:123456”, or “telegram:*” for everybody there")
    return entry


Account = Annotated[str, AfterValidator(_account)]


class AccessSettings(Section):
    """Whom the bot answers: ``platform:user`` or ``platform:*``, upper and lower case being the same."""

    allow: tuple[Account, ...] = ()
    """Empty: everybody who is not banned."""
    ban: tuple[Account, ...] = ()
    """Wins over ``allow``, and holds in all chats that the banned person linked."""


class SessionSettings(Section):
    days: int = Field(default=7, ge=1)
    """Days that a session lives after its last submission."""


class VideoSettings(Section):
    hours: float = Field(default=24.0, gt=0)
    """Hours that a video waits for its person."""
    window: float = Field(default=900.0, ge=60)
    """Seconds for which whoever took the single access may watch; longer for a video of more than a third of
    that."""
    grace: float = Field(default=60.0, ge=0)
    """Seconds that are left once it was watched to its end."""


class RenderSettings(Section):
    """What a person gets who chose nothing."""

    quality: Quality = Quality.MEDIUM
    aspect: Aspect = Aspect.WIDE


class HookSettings(Section):
    timeout: float = Field(default=5.0, gt=0)
    """Seconds that one implementation of an event hook may take before it is passed over."""


@dataclass(frozen=True, slots=True)
class PluginSection:
    """``[plugins.<name>]`` as it was written; the plugin's own model checks it once the plugin is loaded."""

    values: Mapping[str, Any] = field(default_factory=dict)
    enabled: bool = True
    raw: RawSettings = field(default_factory=RawSettings, repr=False)
    """Knows where each value came from."""


def _section(value: object, info: ValidationInfo) -> object:
    """Take the reserved key out; it is checked here, because it is needed before the plugin is imported."""
    if not isinstance(value, dict):
        return value
    values = dict(value)
    enabled = values.pop("enabled", True)
    if isinstance(enabled, str):  # from the environment
        enabled = {"true": True, "1": True, "false": False, "0": False}.get(enabled.lower(), enabled)
    if not isinstance(enabled, bool):
        raise ValueError("“enabled” must be true or false")  # noqa: TRY004  # pydantic collects ValueErrors only
    return PluginSection(values, enabled, info.context or RawSettings())


class Settings(Section):
    """All settings. ``Settings()`` is what an empty file gives."""

    data_dir: Annotated[Path, AfterValidator(Path.expanduser)] = Path("data")
    """Database, stored videos and the plugins' own files; made when it is not there."""
    renderer: str = ""
    """The renderer of problems; empty: the only one that is installed."""
    store: str = "local"
    engine: str = "embedded"
    providers: tuple[str, ...] = ()
    """The provider chain in order; empty: exact providers first, then by their own priority."""
    log: LogSettings = LogSettings()
    database: DatabaseSettings = DatabaseSettings()
    web: WebSettings = WebSettings()
    pipeline: PipelineSettings = PipelineSettings()
    generation: GenerationSettings = GenerationSettings()
    limits: LimitSettings = LimitSettings()
    budget: BudgetSettings = BudgetSettings()
    access: AccessSettings = AccessSettings()
    session: SessionSettings = SessionSettings()
    video: VideoSettings = VideoSettings()
    render: RenderSettings = RenderSettings()
    hooks: HookSettings = HookSettings()
    plugins: dict[str, Annotated[PluginSection, BeforeValidator(_section)]] = Field(default_factory=dict)

    @property
    def workers(self) -> int:
        """Jobs that run side by side, with 0 resolved to the cores that this process may use."""
        return self.pipeline.workers or len(os.sched_getaffinity(0))
