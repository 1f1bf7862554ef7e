"""How providers fare, and what they cost."""

from __future__ import annotations

from typing import Any, ClassVar

from tortoise import fields
from tortoise.models import Model

from botcore.state.models.widths import ID, NAME, TOKEN


class ProviderRow(Model):
    """How a provider fares: its circuit, and its last calls as JSON. ``probe`` names the one call that is let
    through a circuit which was open."""

    name = fields.CharField(primary_key=True, max_length=NAME)
    failures = fields.IntField(default=0)
    openings = fields.IntField(default=0)
    open_until = fields.DatetimeField(null=True)
    probe = fields.CharField(max_length=ID, null=True)
    probe_until = fields.DatetimeField(null=True)
    calls = fields.TextField(default="[]")
    last_success = fields.DatetimeField(null=True)
    error_code = fields.CharField(max_length=NAME, null=True)
    error_detail: Any = fields.TextField(null=True)
    error_at = fields.DatetimeField(null=True)

    class Meta:
        table = "providers"


class SpendingRow(Model):
    """What an account used in a day or a month, as providers counted it. ``cost`` in US dollars."""

    id = fields.BigIntField(primary_key=True, generated=True)
    account = fields.CharField(max_length=TOKEN)
    period = fields.CharField(max_length=ID, db_index=True)
    tokens = fields.BigIntField(default=0)
    cost = fields.FloatField(default=0.0)

    class Meta:
        table = "spending"
        unique_together: ClassVar = (("account", "period"),)


class ReservationRow(Model):
    """What a call that is under way may use at most. One that its process left behind lapses. ``account`` is
    the person's."""

    id = fields.CharField(primary_key=True, max_length=ID)
    provider = fields.CharField(max_length=NAME)
    account = fields.CharField(max_length=TOKEN)
    tokens = fields.BigIntField()
    cost = fields.FloatField()
    until = fields.DatetimeField(db_index=True)

    class Meta:
        table = "reservations"
