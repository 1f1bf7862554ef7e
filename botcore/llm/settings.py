"""What can be set of a language model, whoever serves it."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from botcore.hooks.descriptors import PluginConfig, ProviderDescriptor

_ADDRESS = re.compile(r"https?://[^\s/?#@]+(/[^\s?#]*)?")
_KEY = re.compile(r"[\x21-\x7e]*")  # what a header takes


class ModelSettings(PluginConfig):
    """One model on one server."""

    base_url: str
    """Address of the API."""
    model: str
    """The model, as the server names it."""
    key: SecretStr = SecretStr("")
    """The key of the API."""
    priority: int = 0
    """Providers of a higher priority are asked first."""
    pictures: bool = False
    """Whether the model reads pictures."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    """How free the model is in its choice of words; not set: the model's own default."""
    max_tokens: int = Field(default=16_000, ge=1)
    """Most tokens of one answer, those of its thinking included."""
    context: int = Field(default=0, ge=0)
    """Tokens that the model takes in all, asked and answered; what is longer goes to another provider. 0: not
    known."""
    timeout: float = Field(default=150.0, gt=0)
    """Most seconds that one answer may take in all."""
    first_timeout: float = Field(default=60.0, gt=0)
    """Seconds after which a server that has sent nothing is given up."""
    stall_timeout: float = Field(default=15.0, gt=0)
    """Seconds after which an answer that has stopped coming is given up."""
    price_in: float = Field(default=0.0, ge=0)
    """US dollars for a million tokens of what is asked; 0 counts tokens and no money."""
    price_out: float = Field(default=0.0, ge=0)
    """US dollars for a million tokens of what is answered."""
    price_cached: float | None = Field(default=None, ge=0)
    """US dollars for a million tokens that the server had read before; not set: as price_in."""

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if url and not _ADDRESS.fullmatch(url):
            raise ValueError("must be an address such as http://127.0.0.1:11434/v1, without a key in it")
        return url.rstrip("/")

    @field_validator("model")
    @classmethod
    def _names_a_model(cls, model: str) -> str:
        if not model or not model.isprintable():
            raise ValueError("must be the name of a model")
        return model

    @field_validator("key")
    @classmethod
    def _fits_a_header(cls, key: SecretStr) -> SecretStr:
        if not _KEY.fullmatch(key.get_secret_value()):
            raise ValueError("a key has no spaces, line ends or other signs than ASCII")
        return key

    def described(self, descriptor: ProviderDescriptor) -> ProviderDescriptor:
        """The descriptor with what these settings say of the model."""
        return replace(
            descriptor,
            priority=self.priority,
            pictures=self.pictures,
            context=self.context,
            max_tokens=self.max_tokens,
            price_in=self.price_in,
            price_out=self.price_out,
        )

    def address(self) -> str:
        """Where requests go."""
        return self.base_url

    def host(self) -> str:
        """The server's name, for messages to the operator."""
        return urlsplit(self.address()).netloc


class ServiceSettings(ModelSettings):
    """A model of a service that serves nobody without a key."""

    def missing(self) -> str:
        """The key, until it is set."""
        return "" if self.key.get_secret_value() else "key"
