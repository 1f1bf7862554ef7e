"""The API by curl, executed: ``python -m tests.docs.api`` writes docs/api.md anew.

``botcore serve`` runs with the exact solver and the renderer at low quality; every command is run by a shell
as it stands in the page, and what it printed stands below it.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.conftest import Machine, Server, clean_environment

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
SECONDS = 300.0
SETTINGS = {
    "BOTCORE_RENDER__QUALITY": "low",
    "BOTCORE_VIDEO__GRACE": "0",
    "BOTCORE_WEB__CORS_ORIGINS": "https://app.example.org",
}
_HEAD = """\
# The API

Everything that a chat can do, a program can do over HTTP. `GET /docs` of a running server shows every route,
member and error on one page, and `GET /openapi.json` says the same to programs (OpenAPI 3.1).

This page is not a mock-up: `python -m tests.docs.api` ran each command below against `botcore serve` and
wrote down what came back, and a test does it again and compares. JSON is shown indented, of the headers those
that matter, and ids, times and secrets are replaced. To follow it:

```sh
botcore serve &
BOTCORE=http://127.0.0.1:8080
```
"""


@dataclass(frozen=True)
class Step:
    """Some words, and a command. ``keep``: variables of the shell that are members of what it printed.
    ``headers`` are shown of an answer that curl prints with ``-i``."""

    words: str
    command: str
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: tuple[str, ...] = ()


JSON = "-H 'Content-Type: application/json'"
STEPS = (
    Step(
        """\
## A problem becomes a video

Submitting answers at once. The first submission makes a session, whose cookie curl keeps in a file called
`jar`; programs rather use [a token](#tokens).""",
        f"""\
curl -si -c jar {JSON} \\
    -d '{{"text": "solve x^2 - 5x + 6 = 0"}}' $BOTCORE/api/v1/problems""",
        keep={"JOB": ("id",)},
        headers=("Location", "Set-Cookie", "X-Request-Id"),
    ),
    Step(
        """\
Follow it until it is done, as server-sent events. Come back with `Last-Event-ID` after a lost connection, and
you miss nothing. (Events called `progress`, with a fraction from 0 to 1, are left out here, and so is the job
that comes with `end`: it is the answer below.)""",
        "curl -sN -b jar $BOTCORE/api/v1/jobs/$JOB/events",
    ),
    Step(
        "Or look from time to time:",
        "curl -s -b jar $BOTCORE/api/v1/jobs/$JOB",
        keep={"ACCESS": ("links", "access")},
    ),
    Step(
        """\
A video is seen once. To look at the job, or at the page for people behind `links.access`, takes nothing; a
`POST` there takes the access and leads to the stream. Write `-d ''`, and not `-X POST`, with which curl would
post to the stream, too.""",
        """\
curl -s -b jar -c jar -L -d '' -o video.mp4 \\
    -w '%{http_code} %{content_type}\\n' $BOTCORE$ACCESS
head -c 8 video.mp4 | tail -c 4""",
    ),
    Step(
        """\
For `video.window` seconds (900; for long videos three times their length) whoever took the access may get the
video again, whole or in ranges; anybody else gets 410.""",
        """\
curl -s -b jar -r 0-1023 -o start -w '%{http_code} %{size_download}\\n' \\
    $BOTCORE${ACCESS%access}stream""",
    ),
    Step(
        """\
Say that you have it, and it is deleted after `video.grace` seconds (60; here 0). Without that it is deleted
at the end of the window.""",
        "curl -si -b jar -X DELETE $BOTCORE$ACCESS",
    ),
    Step("It is gone, for you as for everybody:", "curl -si -b jar $BOTCORE${ACCESS%access}stream"),
    Step(
        """\
## Change it, and find it again

A wish in words becomes a job of its own, whose `parent` is the first one. Quality and shape are understood
without a language model; other wishes need one. Its video has an access of its own, and the first one may be
gone already.""",
        f"""\
curl -s -b jar {JSON} \\
    -d '{{"text": "vertical, please"}}' $BOTCORE/api/v1/jobs/$JOB/edits""",
    ),
    Step(
        """\
Your jobs, the newest first; `next`, where it is no `null`, is the `cursor` of the page after this one. (Of
each job only the id is shown here.)""",
        """\
curl -s -b jar "$BOTCORE/api/v1/jobs?limit=2" | grep -o '"id":"[^"]*"'""",
    ),
    Step(
        """\
## Once and no more

A connection breaks after a submission: was it taken? Send it again with the same `Idempotency-Key`, and it is
the same job, however often.""",
        f"""\
for i in 1 2; do
    curl -s -b jar {JSON} -H 'Idempotency-Key: homework-7' \\
        -d '{{"text": "derivative of sin(x)^2"}}' $BOTCORE/api/v1/problems \\
        | grep -o '"id":"[^"]*"'
done""",
    ),
    Step(
        "Another request with that key is refused:",
        f"""\
curl -s -b jar {JSON} -H 'Idempotency-Key: homework-7' \\
    -d '{{"text": "integrate x^2 from 0 to 1"}}' $BOTCORE/api/v1/problems""",
    ),
    Step(
        """\
## Code of your own

Look at code before it is drawn. Nothing is run; each finding names its place, and `fix` mends what can be
mended without a guess.""",
        f"""\
cat > code.json <<'END'
{{"code": "class Demo(Scene):\\n    def construct(self):\\n        self.play(ShowCreation(Circle()))\\n"}}
END
curl -s {JSON} -d @code.json $BOTCORE/api/v1/code/validate""",
    ),
    Step(
        "An editor asks what a name may become:",
        """\
curl -s "$BOTCORE/api/v1/renderers/manim/completions?prefix=FadeI&limit=3\"""",
    ),
    Step(
        """\
Then draw it: `scene` chooses among several classes, `format` is `mp4`, `webm` or `gif`. What becomes of it is
a job as above.""",
        f"""\
cat > code.json <<'END'
{{"code": "from manim import *\\n\\nclass Demo(Scene):\\n    def construct(self):\\n        self.wait()\\n",
 "scene": "Demo", "quality": "low", "format": "gif"}}
END
curl -s -b jar {JSON} -d @code.json $BOTCORE/api/v1/code""",
        keep={"JOB": ("id",)},
    ),
    Step(
        "Changed your mind? The answer is the job as it is now.",
        """\
curl -s -b jar -X DELETE $BOTCORE/api/v1/jobs/$JOB | grep -o '"message":"[^"]*"'""",
    ),
    Step(
        """\
## Tokens

A program needs no cookie: it sends a bearer token, whose jobs are its own. The operator makes it on the
server; it is shown once, and only its hash is kept. `botcore token create --help` tells of its scopes, its
end and limits of its own.""",
        f"""\
TOKEN=$(botcore token create homework 2> /dev/null)
curl -s -H "Authorization: Bearer $TOKEN" {JSON} \\
    -d '{{"text": "solve 2x + 3 = 7"}}' $BOTCORE/api/v1/problems""",
    ),
    Step(
        """\
One that is wrong, over or revoked is refused; it never becomes a caller without a name. What the program had
is deleted with its token.""",
        """\
TOKEN=$(botcore token create tomorrow 2> /dev/null)
botcore token revoke tomorrow > /dev/null 2>&1
curl -si -H "Authorization: Bearer $TOKEN" $BOTCORE/api/v1/jobs""",
        headers=("WWW-Authenticate",),
    ),
    Step(
        """\
## Errors

Every error is a problem document (RFC 9457). Decide by `code`, show `detail` to people, and name `request_id`
when you ask the operator.""",
        f"""\
curl -s {JSON} \\
    -d '{{"text": "solve x^2 = 9", "quality": "best", "qualtiy": 1}}' $BOTCORE/api/v1/problems""",
    ),
    Step("What belongs to somebody else is not there:", "curl -si $BOTCORE/api/v1/jobs/$JOB"),
    Step(
        "429 and 503 say in `Retry-After` when to try again; 405 says in `Allow` what would work:",
        "curl -si -X PUT $BOTCORE/api/v1/problems",
        headers=("Allow",),
    ),
    Step(
        """\
## Pages of other websites

List them in `web.cors_origins`; here it is `https://app.example.org`. The page of nobody else may read an
answer, or write.""",
        """\
curl -si -X OPTIONS -H 'Origin: https://app.example.org' \\
    -H 'Access-Control-Request-Method: POST' $BOTCORE/api/v1/problems""",
        headers=(
            "Access-Control-Allow-Origin",
            "Access-Control-Allow-Methods",
            "Access-Control-Allow-Headers",
            "Access-Control-Max-Age",
        ),
    ),
    Step(
        "And from a page that is not listed:",
        f"""\
curl -s -H 'Origin: https://elsewhere.example' {JSON} \\
    -d '{{"text": "solve x^2 = 9"}}' $BOTCORE/api/v1/problems""",
    ),
)


def written(steps: tuple[Step, ...], address: str, folder: Path) -> Iterator[str]:
    """What stands in the page of each step, as its command is run."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = clean_environment({**SETTINGS, "BOTCORE_DATA_DIR": str(folder / "data"), "PATH": path})
    environ["BOTCORE"] = address
    assignments: list[str] = []
    for step in steps:
        done = subprocess.run(
            ["sh", "-euc", step.command],
            cwd=folder,
            env=environ,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        output = done.stdout.decode()
        assert done.returncode == 0, (step.command, output, done.stderr.decode())
        sent = "\n".join([*assignments, step.command])
        came = _shown(output, step.headers)
        yield f"{step.words}\n\n```sh\n{sent}\n```\n\n```{_kind(output)}\n{came}\n```"
        assignments = []
        for name, member in step.keep.items():
            value = json.loads(output.rpartition("\n")[2])
            for key in member:
                value = value[key]
            environ[name] = value
            assignments.append(f"{name}={value}")


def _kind(output: str) -> str:
    return "json" if output.startswith("{") else "text"


def _shown(output: str, headers: tuple[str, ...]) -> str:
    """An answer as the page shows it."""
    output = output.replace("\r\n", "\n")
    if output.startswith("HTTP/"):
        head, _, body = output.partition("\n\n")
        status, *lines = head.split("\n")
        kept = [line for line in lines if line.partition(":")[0] in headers]
        return "\n".join([status, *kept, *(["", _indented(body)] if body else [])])
    if output.startswith("retry:"):
        events = [event for event in output.strip().split("\n\n") if "event: progress" not in event]
        events = [event for event in events if "event: queue" not in event]
        return re.sub(r"(event: end\ndata: ){.*}", r"\1…", "\n\n".join(events))
    return _indented(output.rstrip("\n"))


def _indented(text: str) -> str:
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False) if text.startswith("{") else text


def lasting(text: str) -> str:
    """``text`` with the same ids, times and secrets in every run."""
    ids: dict[str, str] = {}

    def same(match: re.Match[str]) -> str:
        return ids.setdefault(match[0], f"9f1c2ab34d5e6f7{len(ids)}")

    text = re.sub(r"(botcore_session=)[\w-]+", r"\1…", text)
    text = re.sub(r"\b[0-9a-z]{16}-[0-9a-f]+\b", "0k3v9q2m7x5c1h8d-1f", text)
    text = re.sub(r"\b(?=[a-z]*\d)[0-9a-hjkmnp-tv-z]{16}\b(?!-1f)", same, text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "2026-11-22T21:00:00Z", text)
    return re.sub(r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:8080", text)


def alike(text: str) -> str:
    """``text`` without what a library for drawing may change from version to version."""
    return re.sub(r'("size"|"duration"): [\d.]+', r"\1: 0", text)


async def page() -> str:
    """The whole page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = await asyncio.to_thread(lambda: Server(Machine(folder), folder / "log", SETTINGS))
        try:
            parts = await asyncio.to_thread(lambda: list(written(STEPS, server.address, folder)))
        finally:
            await asyncio.to_thread(server.stop)
    return lasting("\n\n".join([_HEAD.rstrip("\n"), *parts]) + "\n")


if __name__ == "__main__":
    PAGE.write_text(asyncio.run(page()))
    sys.stdout.write(f"{PAGE}\n")
