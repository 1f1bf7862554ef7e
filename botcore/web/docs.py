"""``GET /docs``: the description of the API for people, made on the server of the same document. ``GET /``
leads there.

Pages without script, picture or font: they work without a network, on a phone, and under a policy that allows
their own style alone. In place of a form to try things there are lines for curl.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from aiohttp import web

from botcore.web.endpoints import Answer, Endpoint
from botcore.web.headers import NO_ICON, page_policy
from botcore.web.keys import DOCS
from botcore.web.problems import MEDIA_TYPE

Json = Mapping[str, Any]

_STYLE = Path(__file__).with_name("docs.css").read_text("utf-8")
_POLICY = page_policy(styles=(_STYLE,))
_CODE = re.compile(r"`([^`]+)`")


_HOME = f"""\
<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{NO_ICON}
<title>botcore</title><style>{_STYLE}</style></head><body><main>
<h1>botcore</h1>
<p>A bot that answers maths problems with animated videos.</p>
<p>People write to it in a chat, and what it draws comes back there. Programs use its
<a href="docs">API</a>, whose description is also there as <a href="openapi.json">openapi.json</a>.</p>
</main></body></html>
""".encode()


async def get_home(_request: web.Request) -> web.Response:
    """What this server is, in a few words, for whoever opens its address in a browser."""
    return _html(_HOME)


async def get_docs(request: web.Request) -> web.Response:
    """This description as a page."""
    return _html(request.app[DOCS])


def _html(body: bytes) -> web.Response:
    return web.Response(
        body=body, content_type="text/html", charset="utf-8", headers={"Content-Security-Policy": _POLICY}
    )


def page(document: Json) -> bytes:
    """The page of an OpenAPI document."""
    info = document["info"]
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        NO_ICON,
        f"<title>The API of {escape(info['title'])}</title><style>{_STYLE}</style></head><body><main>",
        f"<h1>The API of {escape(info['title'])} {escape(info['version'])}</h1>",
        *(f"<p>{_words(text)}</p>" for text in info["description"].strip().split("\n\n")),
        '<p>For programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1). The lines for curl below ',
        "take the address and a token from the environment:</p>",
        f"<pre>{escape(_environment(document))}</pre>",
    ]
    for tag in document["tags"]:
        parts.append(f'<h2 id="{escape(tag["name"])}">{escape(tag["name"].capitalize())}</h2>')
        parts.append(f"<p>{_words(tag['description'])}</p>")
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    parts += _operation(document, method, path, operation)
    parts.append('<h2 id="schemas">Schemas</h2>')
    for name, schema in sorted(document["components"]["schemas"].items()):
        parts += _schema(name, schema)
    parts.append("</main></body></html>")
    return "".join(parts).encode()


def _environment(document: Json) -> str:
    url = document["servers"][0]["url"]
    return f"export BOTCORE={'http://127.0.0.1:8080' if url == '/' else url}\nexport TOKEN=…"


def _operation(document: Json, method: str, path: str, operation: Json) -> Iterator[str]:
    name = escape(operation["operationId"])
    yield f'<details id="{name}"><summary><b>{method.upper()}</b> <code>{escape(path)}</code>'
    yield f"<span>{escape(operation['summary'])}</span></summary><div>"
    yield from (f"<p>{_words(text)}</p>" for text in operation["description"].split("\n\n"))
    yield f"<pre>{escape(_curl(document, method, path, operation))}</pre>"
    if parameters := operation.get("parameters"):
        yield "<h4>Parameters</h4><dl>"
        for each in parameters:
            yield f"<dt><code>{escape(each['name'])}</code> ({each['in']}) {_kind(each['schema'])}</dt>"
            yield f"<dd>{_words(each['description'])}</dd>"
        yield "</dl>"
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        yield f"<h4>Body</h4><p>{_kind(schema)}</p>"
    yield "<h4>Answers</h4><dl>"
    for status, response in operation["responses"].items():
        yield from _response(document, status, response)
    yield "</dl></div></details>"


def _response(document: Json, status: str, response: Json) -> Iterator[str]:
    for media_type, content in response.get("content", {"": {}}).items():
        if media_type == MEDIA_TYPE:
            for code, example in content["examples"].items():
                yield f"<dt>{status} <code>{escape(code)}</code></dt>"
                yield f"<dd>{escape(example['value']['detail'])}</dd>"
            continue
        schema = content.get("schema", {})
        shown = _kind(schema) if "$ref" in schema else f"<code>{escape(media_type)}</code>"
        yield f"<dt>{status} {shown if media_type else ''}</dt><dd>{_words(response['description'])}"
        yield from (f"<pre>{escape(_pretty(example))}</pre>" for example in _examples(document, schema)[:1])
        yield "</dd>"


def _schema(name: str, schema: Json) -> Iterator[str]:
    yield f'<details id="{escape(name)}"><summary><code>{escape(name)}</code>'
    yield f"<span>{_words(schema.get('description', '').partition(chr(10) * 2)[0])}</span></summary><div>"
    if "enum" in schema:
        yield f"<p>{_kind(schema)}</p>"
    yield "<dl>"
    for member, about in schema.get("properties", {}).items():
        must = " (needed)" if member in schema.get("required", ()) else ""
        yield f"<dt><code>{escape(member)}</code>{must} {_kind(about)}</dt>"
        yield f"<dd>{_words(about.get('description', ''))}</dd>"
    yield "</dl>"
    yield from (f"<pre>{escape(_pretty(example))}</pre>" for example in schema.get("examples", ()))
    yield "</div></details>"


def _curl(document: Json, method: str, path: str, operation: Json) -> str:
    """The line that does it, with the first examples."""
    for each in operation.get("parameters", ()):
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", each["example"])
    verb = "" if method == "get" else f"-X {method.upper()} "
    words = [f'curl {verb}"$BOTCORE{path}"']
    if {"token": []} in operation["security"]:
        words.append('-H "Authorization: Bearer $TOKEN"')
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        example = json.dumps(_examples(document, schema)[0], ensure_ascii=False)
        words += ["-H 'Content-Type: application/json'", f"-d {shlex.quote(example)}"]
    return " \\\n    ".join(words)


def _examples(document: Json, schema: Json) -> list[Any]:
    if "$ref" not in schema:
        return []
    name = schema["$ref"].rpartition("/")[2]
    found: list[Any] = document["components"]["schemas"][name].get("examples", [])
    return found


def _kind(schema: Json) -> str:
    """What a value may be, in words; as HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return "one of " + ", ".join(f"<code>{escape(str(value))}</code>" for value in values)
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"])
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    limits = [
        f"{words} {schema[name]}"
        for name, words in (
            ("minimum", "at least"),
            ("maximum", "at most"),
            ("minLength", "at least so long:"),
            ("maxLength", "at most so long:"),
        )
        if name in schema
    ]
    if "pattern" in schema:
        limits.append(f"<code>{escape(schema['pattern'])}</code>")
    return ", ".join([escape(schema.get("format", kind)), *limits])


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _words(text: str) -> str:
    """CommonMark as far as descriptions use it: code between backquotes."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


ENDPOINTS = (
    Endpoint(
        "GET",
        "/",
        get_home,
        "See what this server is",
        "description",
        answers={200: Answer("A page of a few words.", ("text/html",))},
    ),
    Endpoint(
        "GET",
        "/docs",
        get_docs,
        "Read this description as a page",
        "description",
        answers={200: Answer("The page.", ("text/html",))},
    ),
)
