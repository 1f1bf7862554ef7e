"""Pictures that stay as they are, for twenty bytes each.

A scene stands still for a good part of its length. Asking x264 to find that out anew for every picture costs
milliseconds; saying it costs one H.264 slice in which every macroblock is skipped. Such a slice repeats the
picture before it exactly, in every decoder: it is what an encoder itself writes for a still picture.

The stream must be one of I and P pictures with one reference, CAVLC and no weighted prediction
(:data:`botcore_manim.inside.encoding.X264` asks for that). Each added picture is a reference picture and
takes a frame number, so the numbers of all later pictures up to the next IDR picture move on by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_START = re.compile(rb"\x00\x00\x00?\x01")
_ESCAPABLE = re.compile(rb"\x00\x00(?=[\x00-\x03])")
_NAL_SLICE, _NAL_IDR, _NAL_SPS, _NAL_PPS = 1, 5, 7, 8
_BASELINE = 66
_SLICE_P_ONLY = 5


class _Reader:
    """Bits of an H.264 payload, first bit first."""

    def __init__(self, payload: bytes) -> None:
        self._bits = int.from_bytes(payload, "big")
        self._length = 8 * len(payload)
        self.position = 0

    def u(self, count: int) -> int:
        """An unsigned number of ``count`` bits."""
        self.position += count
        if self.position > self._length:
            raise ValueError("the H.264 header ends too early")
        return (self._bits >> (self._length - self.position)) & ((1 << count) - 1)

    def ue(self) -> int:
        """An unsigned Exp-Golomb number."""
        zeros = 0
        while self.u(1) == 0:
            zeros += 1
        return (1 << zeros) - 1 + self.u(zeros)


def _ue(value: int) -> str:
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


def _units(stream: bytes) -> list[bytes]:
    """The NAL units of an Annex B byte stream."""
    return [unit for unit in _START.split(stream) if unit]


def _unescape(payload: bytes) -> bytes:
    return payload.replace(b"\x00\x00\x03", b"\x00\x00")


def _escape(payload: bytes) -> bytes:
    return _ESCAPABLE.sub(b"\x00\x00\x03", payload)


@dataclass(frozen=True, slots=True)
class _Format:
    """What of a stream's headers a slice depends on."""

    frame_num_bits: int
    macroblocks: int
    filter_control: bool

    @classmethod
    def of(cls, headers: bytes) -> _Format:
        units = {unit[0] & 31: _unescape(unit[1:]) for unit in _units(headers)}
        sps, pps = _Reader(units[_NAL_SPS][3:]), _Reader(units[_NAL_PPS])
        if units[_NAL_SPS][0] != _BASELINE:
            raise ValueError("not a baseline stream")
        sps.ue()  # id
        frame_num_bits = sps.ue() + 4
        if sps.ue() != 2:  # with any other order of pictures, slices carry it too
            raise ValueError("the order of pictures is not the order of coding")
        references = sps.ue()
        sps.u(1)  # gaps allowed
        macroblocks = (sps.ue() + 1) * (sps.ue() + 1)
        frames_only = sps.u(1)
        pps.ue(), pps.ue()  # ids
        cabac, field_order, groups, active = pps.u(1), pps.u(1), pps.ue(), pps.ue()
        pps.ue()  # active references of B slices
        weighted = pps.u(1)
        pps.u(2)  # weighting of B slices
        for _ in range(3):
            pps.ue()  # quantisers
        filter_control, _, redundant = pps.u(1), pps.u(1), pps.u(1)
        if (
            references != 1
            or not frames_only
            or any((cabac, field_order, groups, active, weighted, redundant))
        ):
            raise ValueError("not a stream of plain P pictures")
        return cls(frame_num_bits, macroblocks, bool(filter_control))


class Holds:
    """Adds pictures to one stream.

    :param headers: its SPS and PPS in Annex B form. Raises ValueError for a stream of another form.
    """

    def __init__(self, headers: bytes) -> None:
        self._format = _Format.of(headers)
        self._frame_num = 0

    def renumber(self, packet: bytes) -> bytes:
        """The encoder's next picture with the frame number that it has among the added ones."""
        units = _units(packet)
        if any(unit[0] & 31 == _NAL_IDR for unit in units):
            self._frame_num = 0
            return packet
        self._advance()
        return b"".join(
            b"\x00\x00\x00\x01"
            + unit[:1]
            + (self._numbered(unit[1:]) if unit[0] & 31 == _NAL_SLICE else unit[1:])
            for unit in units
        )

    def repeat(self) -> bytes:
        """One picture more, equal to the last one."""
        self._advance()
        header = (
            _ue(0)  # first macroblock
            + _ue(_SLICE_P_ONLY)
            + _ue(0)  # picture parameter set
            + f"{self._frame_num:0{self._format.frame_num_bits}b}"
            + "0"  # as many references as the parameter set says: one
            + "0"  # in their usual order
            + "0"  # the oldest reference leaves
            + _ue(0)  # quantiser as in the parameter set
            + (_ue(1) if self._format.filter_control else "")  # no deblocking: nothing may change
        )
        bits = header + _ue(self._format.macroblocks) + "1"  # all skipped; end of the slice
        bits += "0" * (-len(bits) % 8)
        payload = int(bits, 2).to_bytes(len(bits) // 8, "big")
        return b"\x00\x00\x00\x01\x41" + _escape(payload)

    def _advance(self) -> None:
        self._frame_num = (self._frame_num + 1) % (1 << self._format.frame_num_bits)

    def _numbered(self, payload: bytes) -> bytes:
        payload = _unescape(payload)
        head = payload[:16]
        reader = _Reader(head)
        reader.ue(), reader.ue(), reader.ue()  # first macroblock, kind of slice, parameter set
        bits = self._format.frame_num_bits
        shift = 8 * len(head) - reader.position - bits
        number = int.from_bytes(head, "big")
        number = number & ~(((1 << bits) - 1) << shift) | (self._frame_num << shift)
        return _escape(number.to_bytes(len(head), "big") + payload[16:])
