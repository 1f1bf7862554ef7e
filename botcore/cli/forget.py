"""``botcore forget USER``: erase what is kept about a person."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from botcore.cli.options import load_host, prepare
from botcore.cli.output import UsageFault, print_json, say

if TYPE_CHECKING:
    from botcore.config import Settings
    from botcore.state import Identity


def command(
    ctx: typer.Context,
    user: Annotated[
        str, typer.Argument(metavar="USER", help="Who, as platform:id; for example telegram:123456.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Delete everything that is kept about a person.

    That is in all chats that they linked. A server may run meanwhile. Exit codes: 0 deleted, 1 nothing is
    known of such a person, 2 wrong usage, 3 the machine or its configuration has to be mended first.
    """
    platform, _, user_id = user.partition(":")
    if not platform or not user_id:
        raise UsageFault(problem=f"“{user}” is no user: write platform:id, for example telegram:123456")
    forgotten = asyncio.run(_forget(prepare(ctx), platform, user_id))
    names = [str(identity) for identity in forgotten]
    if as_json:
        print_json({"status": "forgotten", "user": user, "identities": names})
    else:
        say(f"forgotten: {', '.join(names)}")


async def _forget(settings: Settings, platform: str, user_id: str) -> list[Identity]:
    from botcore.app import Role, open_app
    from botcore.state import Identity

    role = Role("forget", limited=False)
    async with open_app(settings, role, host=load_host(settings)) as app:
        forgotten = await app.control.forget_person(Identity(platform, user_id))
        await app.reaper.tidy()  # the files, too, before this process ends
        return forgotten
