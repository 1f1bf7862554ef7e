"""From a text to a reply, inside the worker."""

from __future__ import annotations

from botcore_solver.checking.verdict import Verdict, verdict_of
from botcore_solver.outcome import Abstained, Status
from botcore_solver.scenes.writer import write_scene
from botcore_solver.solve import solve
from botcore_solver.told import told
from botcore_solver.wording import sentence, spoken
from botcore_solver.worker.reply import Reply

FAULT = sentence("I ran into a difficulty with this problem, so I do not give an answer.")


def verdict_on(text: str, stated: str) -> Reply:
    """Solve, and compare with the answer that somebody states. Never raises; in doubt it does not know."""
    try:
        solution = solve(text)
        verdict = verdict_of(stated, solution)
        return Reply(status=solution.status, kind=solution.kind, answer=solution.answer, verdict=verdict)
    except Exception:  # noqa: BLE001  # as below
        return Reply(status=Status.ABSTAINED, verdict=Verdict.UNKNOWN)


def reply_to(text: str, language: str = "en") -> Reply:
    """Solve and write the scene. Never raises: a fault of the solver is an abstention.

    :param language: BCP 47; all words of the reply are in it.
    """
    try:
        solution = told(solve(text), language)
        return Reply(
            status=solution.status,
            kind=solution.kind,
            answer=solution.answer,
            answer_text=solution.answer_text,
            steps=tuple((step.tex, step.why) for step in solution.steps),
            scene=write_scene(solution),
        )
    except Abstained as abstained:
        return Reply(status=Status.ABSTAINED, advice=spoken(abstained.advice, language))
    except Exception:  # noqa: BLE001  # SymPy raises everything there is; no answer is better than a broken one
        return Reply(status=Status.ABSTAINED, advice=spoken(FAULT, language))
