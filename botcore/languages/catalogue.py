"""The sentences of one package in every language.

A catalogue is a gettext file ``<package>/catalogues/<language>.po`` whose keys are the English sentences. It
is read as it is, without a build step, when its language is first used, and kept. Whatever is wrong with it
(no file, a sentence without translation, a placeholder that the English sentence does not have), the person
reads English: a wrong catalogue never raises.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from botcore.languages.tags import best

if TYPE_CHECKING:
    from gettext import NullTranslations

_ENGLISH = "en"
_FAULTS = (LookupError, ValueError, AttributeError, TypeError)
"""What filling a template raises when it does not fit its values."""


class Catalogue:
    """Speaks for ``package``, the import name of the one whose sentences these are."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._read: dict[str, NullTranslations | None] = {_ENGLISH: None}
        self._reading = threading.Lock()

    def text(self, language: str, message: str, /, **values: object) -> str:
        """The English sentence ``message`` in ``language``, with its ``{placeholders}`` filled.

        :param language: a BCP 47 tag; an unknown one is English.
        """
        catalogue = self._of(language)
        return _filled(catalogue.gettext(message) if catalogue and message else message, message, values)

    def plural(self, language: str, one: str, many: str, count: int, /, **values: object) -> str:
        """The form of a sentence that belongs to ``count``, which fills ``{count}``.

        :param one: the English sentence for 1.
        :param many: the English sentence for all other numbers.
        """
        values = {"count": count, **values}
        english = one if count == 1 else many
        catalogue = self._of(language)
        try:
            translated = catalogue.ngettext(one, many, count) if catalogue else english
        except _FAULTS:  # the catalogue's own rule for the number fails
            translated = english
        return _filled(translated, english, values)

    def _of(self, language: str) -> NullTranslations | None:
        language = best(language)
        if language not in self._read:
            with self._reading:
                if language not in self._read:
                    self._read[language] = self._load(language)
        return self._read[language]

    def _load(self, language: str) -> NullTranslations | None:
        from importlib.resources import files

        try:
            po = files(self._package).joinpath("catalogues", f"{language}.po").read_bytes()
            return _parsed(po, language)
        except FileNotFoundError:
            return None
        except Exception as error:  # noqa: BLE001  # a file that cannot be read must not silence the bot
            from logging import getLogger

            getLogger(__name__).warning("no %s for %s: %s", language, self._package, error)
            return None


def _parsed(po: bytes, language: str) -> NullTranslations:
    from gettext import GNUTranslations
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    mo = BytesIO()
    write_mo(mo, read_po(BytesIO(po), locale=language))  # leaves out what is marked as fuzzy
    mo.seek(0)
    return GNUTranslations(mo)


def _filled(translated: str, english: str, values: Mapping[str, object]) -> str:
    """``translated`` with its values; where that fails, ``english`` with those that there are."""
    try:
        return translated.format_map(values) if translated else _lenient(english, values)
    except _FAULTS:
        return _lenient(english, values)


def _lenient(template: str, values: Mapping[str, object]) -> str:
    """``template`` filled; a placeholder without a value is left as it stands."""
    try:
        return template.format_map(_Lenient(values))
    except _FAULTS:
        return template


class _Lenient(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
