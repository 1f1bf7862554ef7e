"""Codes that link two identities: who may use one, how often, and how long."""

from __future__ import annotations

import asyncio

import pytest

from botcore.errors import (
    AlreadyLinked,
    LinkCodeWrong,
    LinkNotReady,
    LinkOver,
    LinkTriesUsedUp,
    OwnLinkCode,
)
from botcore.model import RenderOptions
from botcore.state import Identity, LinkState, Party, State, read_code, show_code
from botcore.state.models import LinkRow, TallyRow
from tests.core.state.ground import Ground

ADA = Party(Identity("test", "ada"), "chat of ada")
ADA_THERE = Party(Identity("other", "lovelace"), "chat there")
BOB = Party(Identity("test", "bob"), "chat of bob")
DEFAULTS = RenderOptions()
MINUTE = 60
WRONG = "ZZZZZZZZ"


@pytest.fixture
async def sessions(state: State) -> None:
    for party in (ADA, ADA_THERE, BOB):
        await state.sessions.of(party.identity.platform, party.identity.user_id)


pytestmark = pytest.mark.usefixtures("sessions")


async def session_of(state: State, party: Party) -> str | None:
    return await state.sessions.id_of(party.identity)


async def link(state: State, maker: Party, taker: Party) -> None:
    made, code = await state.links.make(maker)
    await state.links.take(code, taker)
    await state.links.agree(taker.identity, made.id, defaults=DEFAULTS)
    await state.links.agree(maker.identity, made.id, defaults=DEFAULTS)


async def test_both_sides_say_yes_and_are_one_person(state: State) -> None:
    made, code = await state.links.make(ADA)
    taken = await state.links.take(code, ADA_THERE)
    assert (taken.state, taken.maker, taken.taker) == (LinkState.TAKEN, ADA, ADA_THERE)
    agreed = await state.links.agree(ADA_THERE.identity, None, defaults=DEFAULTS)
    assert agreed.state is LinkState.AGREED
    assert await session_of(state, ADA) != await session_of(state, ADA_THERE)

    linked = await state.links.agree(ADA.identity, made.id, defaults=DEFAULTS)

    assert linked.state is LinkState.LINKED
    assert await session_of(state, ADA) == await session_of(state, ADA_THERE)


async def test_only_the_hash_of_a_code_is_stored(state: State) -> None:
    _, code = await state.links.make(ADA)
    assert code not in repr(await LinkRow.all().values())


@pytest.mark.parametrize("typed", ["{0}", "{1}", " {1} ", "“{1}”", "{2}"])
async def test_a_code_may_be_typed_as_people_type(state: State, typed: str) -> None:
    _, code = await state.links.make(ADA)
    assert read_code(typed.format(code, show_code(code), code.lower())) == code


@pytest.mark.parametrize("typed", ["", "hello", "12345678", "ABCDEFG", "ABCDEFGHJ", "yes", "Ａ2345678"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


async def test_a_code_is_used_once_but_its_taker_may_ask_again(state: State) -> None:
    _, code = await state.links.make(ADA)
    taken = await state.links.take(code, ADA_THERE)
    assert await state.links.take(code, ADA_THERE) == taken
    with pytest.raises(LinkCodeWrong):
        await state.links.take(code, BOB)


async def test_of_two_who_type_a_code_at_once_one_gets_it(state: State) -> None:
    _, code = await state.links.make(ADA)
    answers = await asyncio.gather(
        *(state.links.take(code, party) for party in (BOB, ADA_THERE)), return_exceptions=True
    )
    assert sum(isinstance(answer, LinkCodeWrong) for answer in answers) == 1


async def test_a_code_and_each_yes_are_over_after_ten_minutes(ground: Ground) -> None:
    links = ground.state.links
    _, code = await links.make(ADA)
    ground.clock.tick(10 * MINUTE)
    with pytest.raises(LinkCodeWrong):
        await links.take(code, ADA_THERE)

    made, code = await links.make(ADA)
    await links.take(code, ADA_THERE)
    await links.agree(ADA_THERE.identity, made.id, defaults=DEFAULTS)
    ground.clock.tick(10 * MINUTE)
    with pytest.raises(LinkOver):
        await links.agree(ADA.identity, made.id, defaults=DEFAULTS)
    assert await session_of(ground.state, ADA) != await session_of(ground.state, ADA_THERE)
    await links.delete_lapsed()
    assert await LinkRow.all().count() == 0


async def test_a_new_code_ends_the_one_before(state: State) -> None:
    _, first = await state.links.make(ADA)
    _, second = await state.links.make(ADA)
    with pytest.raises(LinkCodeWrong):
        await state.links.take(first, ADA_THERE)
    await state.links.take(second, ADA_THERE)


async def test_ones_own_code_stays_good(state: State) -> None:
    _, code = await state.links.make(ADA)
    with pytest.raises(OwnLinkCode):
        await state.links.take(code, ADA)
    await state.links.take(code, ADA_THERE)


async def test_those_who_are_one_person_already_are_told_so(state: State) -> None:
    await link(state, ADA, ADA_THERE)
    _, code = await state.links.make(ADA)
    with pytest.raises(AlreadyLinked):
        await state.links.take(code, ADA_THERE)


async def test_after_five_wrong_codes_even_the_right_one_has_to_wait_an_hour(ground: Ground) -> None:
    links = ground.state.links
    for _ in range(5):
        with pytest.raises(LinkCodeWrong):
            await links.take(WRONG, ADA_THERE)
        ground.clock.tick(MINUTE)
    _, code = await links.make(ADA)
    with pytest.raises(LinkTriesUsedUp) as refused:
        await links.take(code, ADA_THERE)
    assert refused.value.params["minutes"] == 55
    ground.clock.tick(refused.value.retry_after or 0)
    _, code = await links.make(ADA)
    await links.take(code, ADA_THERE)


async def test_wrong_codes_count_for_the_chat_and_for_the_address_too(state: State) -> None:
    for number in range(5):
        guest = Party(Identity("test", f"guest {number}"), "a group")
        with pytest.raises(LinkCodeWrong):
            await state.links.take(WRONG, guest, guesser=["address 192.0.2.1"])
    with pytest.raises(LinkTriesUsedUp):
        await state.links.take(WRONG, Party(Identity("test", "one more"), "a group"))
    with pytest.raises(LinkTriesUsedUp):
        await state.links.take(WRONG, BOB, guesser=["address 192.0.2.1"])
    with pytest.raises(LinkCodeWrong):
        await state.links.take(WRONG, BOB)


async def test_wrong_codes_name_nobody_and_are_forgotten(ground: Ground) -> None:
    with pytest.raises(LinkCodeWrong):
        await ground.state.links.take(WRONG, ADA)
    assert "ada" not in repr(await TallyRow.all().values())
    ground.clock.tick(61 * MINUTE)
    await ground.state.accounts.delete_old()
    assert await TallyRow.all().count() == 0


async def test_nobody_says_yes_before_their_turn_or_for_others(state: State) -> None:
    made, code = await state.links.make(ADA)
    with pytest.raises(LinkNotReady):
        await state.links.agree(ADA.identity, made.id, defaults=DEFAULTS)
    await state.links.take(code, ADA_THERE)
    with pytest.raises(LinkNotReady):
        await state.links.agree(ADA.identity, made.id, defaults=DEFAULTS)
    for link_id in (made.id, None):
        with pytest.raises(LinkOver):
            await state.links.agree(BOB.identity, link_id, defaults=DEFAULTS)
        with pytest.raises(LinkOver):
            await state.links.refuse(BOB.identity, link_id)
    assert await session_of(state, ADA) != await session_of(state, ADA_THERE)


@pytest.mark.parametrize("who", [ADA, ADA_THERE])
async def test_one_no_ends_it(state: State, who: Party) -> None:
    made, code = await state.links.make(ADA)
    await state.links.take(code, ADA_THERE)
    await state.links.agree(ADA_THERE.identity, made.id, defaults=DEFAULTS)
    await state.links.refuse(who.identity, made.id)
    with pytest.raises(LinkOver):
        await state.links.agree(ADA.identity, made.id, defaults=DEFAULTS)


async def test_a_yes_that_comes_twice_is_the_same_yes(state: State) -> None:
    """The process died before it was answered."""
    made, code = await state.links.make(ADA)
    await state.links.take(code, ADA_THERE)
    for party in (ADA_THERE, ADA):
        first = await state.links.agree(party.identity, made.id, defaults=DEFAULTS)
        assert await state.links.agree(party.identity, made.id, defaults=DEFAULTS) == first


async def test_who_is_forgotten_leaves_no_link_behind(state: State) -> None:
    made, code = await state.links.make(ADA)
    await state.links.take(code, ADA_THERE)
    await state.links.agree(ADA_THERE.identity, made.id, defaults=DEFAULTS)
    session_id = await session_of(state, ADA_THERE)
    assert session_id is not None
    await state.forget(session_id)
    assert await LinkRow.all().count() == 0
    with pytest.raises(LinkOver):
        await state.links.agree(ADA.identity, made.id, defaults=DEFAULTS)


async def test_a_session_that_ended_is_not_linked(ground: Ground) -> None:
    state = ground.state
    made, code = await state.links.make(ADA)
    await state.links.take(code, ADA_THERE)
    await state.links.agree(ADA_THERE.identity, made.id, defaults=DEFAULTS)
    session_id = await session_of(state, ADA)
    assert session_id is not None
    ground.clock.tick(7 * 24 * 3600 - 60)
    renewed, again = await state.links.make(BOB)
    await state.links.take(again, ADA_THERE)
    await state.links.agree(ADA_THERE.identity, renewed.id, defaults=DEFAULTS)
    ground.clock.tick(2 * MINUTE)  # both sessions lapsed; the code has not
    with pytest.raises(LinkOver):
        await state.links.agree(BOB.identity, renewed.id, defaults=DEFAULTS)
