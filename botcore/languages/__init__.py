"""What a person in a chat reads, in their language. English sentences are the keys of the catalogues::

    text(job.user_language, "There is no video on the way.")
    plural(language, "{count} video is before yours.", "{count} videos are before yours.", 3)

Imports nothing of botcore. English costs nothing; the first sentence of another language reads its catalogue.
"""

from botcore.languages.catalogue import Catalogue
from botcore.languages.guessing import guess
from botcore.languages.marking import sentence
from botcore.languages.tags import LANGUAGES, best
from botcore.languages.times import moment

__all__ = ["LANGUAGES", "Catalogue", "best", "guess", "moment", "plural", "sentence", "text"]

_core = Catalogue("botcore")
text = _core.text
plural = _core.plural
