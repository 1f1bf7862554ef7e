"""``botcore token``: the bearer tokens of programs."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from botcore.cli.options import load_host, prepare
from botcore.cli.output import ExitCode, UsageFault, fail, print_json, say, tell

if TYPE_CHECKING:
    from botcore.config import Settings
    from botcore.state import NewToken, Token

app = typer.Typer(
    help="Make, list and revoke the bearer tokens of programs.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}", re.ASCII)
_SCOPES = ("jobs", "admin")


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What the program is called, for you to recognise it.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What it may do: jobs (its own; the default), admin. May be given twice."),
    ] = None,
    days: Annotated[
        float | None, typer.Option(min=0, help="Days until it expires; else it is good until revoked.")
    ] = None,
    per_minute: Annotated[
        int | None, typer.Option(min=0, help="Submissions a minute, if not as for everybody; 0: no limit.")
    ] = None,
    unfinished: Annotated[
        int | None, typer.Option(min=0, help="Its jobs on the way at once; 0: no limit.")
    ] = None,
    day_usd: Annotated[
        float | None, typer.Option(min=0, help="US dollars a day for language models; 0: no limit.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it: this once, for only its hash is kept. A server may run meanwhile.

    Exit codes: 0 made, 2 wrong usage, 3 the machine or its configuration has to be mended first.
    """
    from botcore.state import NewToken, Scope

    if not _NAME.fullmatch(name):
        raise UsageFault(problem="a name is 1 to 64 letters, digits, spaces, dots, - and _")
    unknown = sorted(set(scope or ()) - set(_SCOPES))
    if unknown:
        raise UsageFault(problem=f"“{unknown[0]}” is no scope: choose of {', '.join(_SCOPES)}")
    lifetime = None
    if days is not None:
        if not 0 < days <= 36_500:
            raise UsageFault(problem="--days must be more than 0, and at most 36500")
        lifetime = timedelta(days=days)
    scopes = frozenset(map(Scope, scope or ("jobs",)))
    new = NewToken(name, scopes, lifetime, per_minute, unfinished, day_usd)
    settings = prepare(ctx)
    token, secret = asyncio.run(_create(settings, new))
    if as_json:
        print_json({"token": secret, **_as_object(token)})
        return
    until = "until it is revoked" if token.expires_at is None else f"until {_time(token.expires_at)}"
    tell(f"Token “{token.name}” ({token.id}) in {_place(settings)} is good {until}. It is shown this once:")
    say(secret)


@app.command("list")
def list_(ctx: typer.Context, as_json: JsonOption = False) -> None:
    """Show the tokens, and those that ended in the last 30 days; never a secret."""
    settings = prepare(ctx)
    tokens = asyncio.run(_all(settings))
    if as_json:
        print_json({"tokens": [_as_object(token) for token in tokens]})
        return
    if not tokens:
        tell(f"{_place(settings)} holds no tokens")
        return
    rows = [("ID", "NAME", "SCOPES", "STATE", "EXPIRES", "LAST USED")]
    rows += [
        (
            token.id,
            token.name,
            ",".join(sorted(token.scopes)),
            token.standing.value,
            _time(token.expires_at),
            _time(token.used_at),
        )
        for token in tokens
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(6)]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@app.command()
def revoke(
    ctx: typer.Context,
    which: Annotated[str, typer.Argument(metavar="NAME|ID", help="Of several with a name, the newest.")],
    as_json: JsonOption = False,
) -> None:
    """End a token at once, also in a running server: its jobs are cancelled, its videos and texts deleted.

    Exit codes: 0 revoked, 1 there is no such token, 2 wrong usage, 3 the machine or its configuration has to
    be mended first.
    """
    settings = prepare(ctx)
    token = asyncio.run(_revoke(settings, which))
    if token is None:
        if as_json:
            error = {"code": "not_found", "message": "There is no such token."}
            print_json({"status": "failed", "error": error})
        fail(f"there is no token “{which}” in {_place(settings)}: see “botcore token list”")
        raise typer.Exit(ExitCode.FAILED)
    if as_json:
        print_json({"status": "revoked", **_as_object(token)})
    else:
        say(f"revoked: {token.name} ({token.id})")


async def _create(settings: Settings, new: NewToken) -> tuple[Token, str]:
    from botcore.app import open_database, prepare_data_dir

    async with open_database(settings, prepare_data_dir(settings)) as state:
        made = await state.tokens.create(new)
    if made is None:
        raise UsageFault(problem=f"there is a token “{new.name}” already: revoke it first, or choose another")
    return made


async def _all(settings: Settings) -> list[Token]:
    from botcore.app import open_database, prepare_data_dir

    async with open_database(settings, prepare_data_dir(settings)) as state:
        return await state.tokens.all()


async def _revoke(settings: Settings, which: str) -> Token | None:
    from botcore.app import Role, open_app, open_database, prepare_data_dir
    from botcore.errors import UnknownPerson

    # First of all, before the plugins are loaded: from here on nobody gets in with it.
    async with open_database(settings, prepare_data_dir(settings)) as state:
        token = await state.tokens.revoke(which)
    if token is None:
        return None
    async with open_app(settings, Role("token", limited=False), host=load_host(settings)) as opened:
        try:
            await opened.control.forget_person(token.identity)
        except UnknownPerson:
            return token  # it was never used
        await opened.reaper.tidy()  # the files, too, before this process ends
        return token


def _place(settings: Settings) -> str:
    """The database in words: whoever has two of them sees which one this is."""
    from botcore.app import database_url, prepare_data_dir
    from botcore.state.database import describe

    return describe(database_url(settings, prepare_data_dir(settings)))


def _as_object(token: Token) -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "scopes": sorted(token.scopes),
        "state": token.standing.value,
        "created_at": token.created_at.isoformat(),
        "expires_at": None if token.expires_at is None else token.expires_at.isoformat(),
        "used_at": None if token.used_at is None else token.used_at.isoformat(),
        "revoked_at": None if token.revoked_at is None else token.revoked_at.isoformat(),
        "per_minute": token.per_minute,
        "unfinished": token.unfinished,
        "day_usd": token.day_usd,
    }


def _time(at: datetime | None) -> str:
    return "never" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"
