"""The provider: a problem's text in, a checked answer's scene out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from botcore.errors import ProviderAbstained, ProviderUnavailable
from botcore.model import GenerationRequest, GenerationResult, Source
from botcore.ports import Provider
from botcore_solver.outcome import Abstained, Status
from botcore_solver.scenes.writer import SCENE
from botcore_solver.settings import SolverConfig
from botcore_solver.solve import understand
from botcore_solver.wording import sentence, spoken
from botcore_solver.worker.client import Worker, WorkerLost

MODEL = "solver"
_NO_REPAIR = sentence("Its exact solution could not be drawn.")
_NO_PICTURE = sentence("I cannot read pictures. Type the problem, please.")
_NO_LANGUAGE = sentence("I write Manim scenes only.")


def recognises(text: str) -> bool:
    """Whether the text is a problem of a class that the solver knows. Reads only; does not solve."""
    try:
        understand(text)
    except Abstained:
        return False
    return True


class SolverProvider:
    """Reads here, solves in the worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        """Raises :class:`ProviderAbstained` with advice for whatever is not certain."""
        language = request.user_language
        if request.language != "manim":
            raise ProviderAbstained(advice=spoken(_NO_LANGUAGE, language))
        if request.picture is not None:
            raise ProviderAbstained(advice=spoken(_NO_PICTURE, language))
        if request.repair is not None:
            # The same problem would give the same scene again.
            raise ProviderAbstained(advice=spoken(_NO_REPAIR, language))
        try:
            understand(request.problem)
            reply = await self._worker.ask(request.problem, request.deadline, language=language)
        except Abstained as abstained:
            raise ProviderAbstained(advice=spoken(abstained.advice, language)) from abstained
        except WorkerLost as lost:
            raise ProviderUnavailable("the solver's worker process ended") from lost
        if reply.status == Status.ABSTAINED:
            raise ProviderAbstained(advice=reply.advice)
        source = Source(
            language=request.language,
            code=reply.scene,
            problem=request.problem,
            user_language=request.user_language,
            answer=reply.answer,
            checked=True,
            scene=SCENE,
        )
        return GenerationResult(source=source, model=MODEL)


@asynccontextmanager
async def solver_provider(config: SolverConfig) -> AsyncIterator[Provider]:
    """The provider with its worker, which warms up in the background."""
    async with Worker(config.time_limit) as worker:
        yield SolverProvider(worker)
