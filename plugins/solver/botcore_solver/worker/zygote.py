"""A process that has SymPy in memory and forks a child for each problem.

Run by ``python -P -m botcore_solver.worker.zygote``. Reads lines ``{"id", "text", "language",
"seconds"}``, with ``"stated"`` where an answer is to be compared, or ``{"cancel": id}``, writes a line
``{"ready": true}`` once and then ``{"id", "reply"}`` for each problem. A child that outlives its seconds is
killed. Ends when its input ends.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import selectors
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field

from botcore_solver.outcome import Status
from botcore_solver.wording import read_catalogues, sentence, spoken
from botcore_solver.worker.answering import reply_to, verdict_on
from botcore_solver.worker.reply import Reply

MEMORY_BYTES = 1 << 30
_MAX_REPLY = 1 << 20
_TOO_LONG = sentence("That took me longer than I may think about one problem. Try a simpler one.")
_WARM_UP = (
    "solve 2x^2 + 3x - 7 = 0",
    "solve x + y = 5, x - y = 1",
    "derivative of x^2 sin(x)",
    "integrate x^2 from 0 to 2",
    "plot x/(x^2 - 1)",
    "sqrt(8) + 1/2",
)


@dataclass
class _Child:
    """A problem in work."""

    id: int
    language: str
    pid: int
    pipe: int
    deadline: float
    out: bytearray = field(default_factory=bytearray)


class Zygote:
    """The loop. One thread, no shared state with the children but the memory they inherit."""

    def __init__(self, requests: int, answers: int) -> None:
        self._requests, self._answers = requests, answers
        self._children: dict[int, _Child] = {}
        self._selector = selectors.DefaultSelector()
        self._selector.register(requests, selectors.EVENT_READ)
        self._buffer = bytearray()

    def run(self) -> None:
        """Serve until the input ends."""
        self._write({"ready": True})
        while True:
            for key, _ in self._selector.select(self._patience()):
                if key.fd == self._requests:
                    if not self._receive():
                        self._end()
                        return
                else:
                    self._collect(self._children[key.fd])
            now = time.monotonic()
            for child in [c for c in self._children.values() if c.deadline <= now]:
                self._finish(child, _too_long(child))

    def _patience(self) -> float | None:
        if not self._children:
            return None
        return max(0.0, min(c.deadline for c in self._children.values()) - time.monotonic())

    def _receive(self) -> bool:
        """Read what is there; False at the end of the input."""
        data = os.read(self._requests, 1 << 16)
        self._buffer += data
        while (end := self._buffer.find(b"\n")) >= 0:
            line, self._buffer = self._buffer[:end], self._buffer[end + 1 :]
            message = json.loads(line)
            if "cancel" in message:
                for child in [c for c in self._children.values() if c.id == message["cancel"]]:
                    self._finish(child, None)
            else:
                self._fork(
                    message["id"],
                    message["text"],
                    message["language"],
                    message["seconds"],
                    message.get("stated"),
                )
        return bool(data)

    def _fork(self, number: int, text: str, language: str, seconds: float, stated: str | None) -> None:
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            _be_child(write, text, language, seconds, stated)
        os.close(write)
        child = _Child(number, language, pid, read, time.monotonic() + seconds)
        self._children[read] = child
        self._selector.register(read, selectors.EVENT_READ)

    def _collect(self, child: _Child) -> None:
        data = os.read(child.pipe, 1 << 16)
        child.out += data
        if data and len(child.out) <= _MAX_REPLY:
            return
        try:
            reply = Reply.from_json(child.out.decode())
        except (ValueError, KeyError, TypeError):
            # Killed by its own limits of CPU time or memory, before it could write a whole reply.
            reply = _too_long(child)
        self._finish(child, reply)

    def _finish(self, child: _Child, reply: Reply | None) -> None:
        self._selector.unregister(child.pipe)
        os.close(child.pipe)
        del self._children[child.pipe]
        with suppress(ProcessLookupError):
            os.kill(child.pid, signal.SIGKILL)
        os.waitpid(child.pid, 0)
        if reply is not None:
            self._write({"id": child.id, "reply": reply.to_json()})

    def _end(self) -> None:
        for child in list(self._children.values()):
            self._finish(child, None)

    def _write(self, message: dict[str, object]) -> None:
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(self._answers, data) :]


def _too_long(child: _Child) -> Reply:
    return Reply(status=Status.ABSTAINED, advice=spoken(_TOO_LONG, child.language))


def _be_child(pipe: int, text: str, language: str, seconds: float, stated: str | None) -> None:
    """Solve within limits of its own, for the case that the parent is gone; never returns."""
    code = 1
    try:
        whole = int(seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (whole, whole))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        reply = reply_to(text, language) if stated is None else verdict_on(text, stated)
        data = reply.to_json().encode()
        while data:
            data = data[os.write(pipe, data) :]
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    """Warm up, then serve standard input."""
    answers = os.dup(1)
    # Nothing that a library prints may get between the lines of the protocol.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for text in _WARM_UP:
        reply_to(text)
    read_catalogues()
    gc.collect()
    gc.freeze()
    Zygote(sys.stdin.fileno(), answers).run()


if __name__ == "__main__":
    main()
