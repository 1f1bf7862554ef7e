"""Pictures in, an H.264 file out: held pictures are exact, and nothing is lost on the way."""

from __future__ import annotations

import itertools
from pathlib import Path

import av
import numpy as np
import pytest
from botcore_manim.inside.encoding import X264, Encoder, Held, Plain
from botcore_manim.inside.faults import Fault
from botcore_manim.inside.holding import Holds
from botcore_manim.inside.picture import Change, Pixels, Watcher

SIZE = (96, 64)


def pictures(count: int) -> list[Pixels]:
    """A bright square that moves over a ground that does not."""
    made = []
    for index in range(count):
        pixels = np.full((SIZE[1], SIZE[0], 4), 30, np.uint8)
        pixels[10 : 10 + 20, index * 5 % 70 : index * 5 % 70 + 20] = (200, 120, 20 * index % 255, 255)
        made.append(pixels)
    return made


def encode(path: Path, shown: list[tuple[Pixels, int]], fps: int = 10) -> list[bytes]:
    """The decoded pictures of what was encoded."""
    stream, watcher = Held(path, SIZE, fps, 10**7), Watcher(*SIZE)
    for pixels, repeat in shown:
        stream.write(watcher.see(pixels), repeat)
    stream.close()
    with av.open(str(path)) as container:
        return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]


def test_a_held_picture_is_shown_unchanged_and_those_after_it_stay_near_the_original(tmp_path: Path) -> None:
    repeats = [1, 7, 1, 1, 40, 2, 1, 3, 1, 1, 9, 1]
    shown = pictures(len(repeats))
    frames = iter(encode(tmp_path / "held.mp4", list(zip(shown, repeats, strict=True))))
    for pixels, repeat in zip(shown, repeats, strict=True):
        held = [next(frames) for _ in range(repeat)]
        assert set(held) == {held[0]}
        luma = (
            av.VideoFrame.from_ndarray(pixels, format="rgba")
            .reformat(format="yuv420p")
            .to_ndarray()[: SIZE[1]]
        )
        error = luma.astype(float) - np.frombuffer(held[0], np.uint8).reshape(-1, SIZE[0])[: SIZE[1]]
        assert (error**2).mean() < 10
    assert next(frames, None) is None


def test_holds_may_outlast_the_range_of_frame_numbers(tmp_path: Path) -> None:
    shown = pictures(6)
    frames = encode(tmp_path / "long.mp4", [(pixels, 700) for pixels in shown], fps=100)
    assert len(frames) == 4200
    # a keyframe shows the picture anew, every 500 frames
    pairs = [(at - 1, at) for at in range(1, 4200) if at % 700 and at % 500]
    assert all(frames[before] == frames[at] for before, at in pairs)
    assert (tmp_path / "long.mp4").stat().st_size < 4200 * 60


def test_equal_pictures_one_by_one_are_held_as_well(tmp_path: Path) -> None:
    first, second = pictures(2)
    frames = encode(tmp_path / "v.mp4", [(first, 1), (first, 1), (first, 3), (second, 1), (second, 1)])
    assert [frames.index(frame) for frame in frames] == [0, 0, 0, 0, 0, 5, 5]


def test_time_runs_evenly_and_keyframes_come_every_five_seconds_of_still_pictures_too(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    encode(path, [(picture, 1 if index % 2 else 93) for index, picture in enumerate(pictures(4))])
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.pts is not None]
        assert container.streams.video[0].average_rate == 10
    steps = {b.pts - a.pts for a, b in itertools.pairwise(packets)}
    assert len(steps) == 1
    assert [index for index, packet in enumerate(packets) if packet.is_keyframe] == [0, 50, 100, 150]
    assert all(packet.pts == packet.dts for packet in packets)


def test_the_file_is_what_phones_play(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    encode(path, [(picture, 20) for picture in pictures(4)])
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.profile) == ("h264", "Constrained Baseline")
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert stream.sample_aspect_ratio == 1
        assert not stream.codec_context.has_b_frames
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_decoding_may_begin_at_each_keyframe(tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    frames = encode(path, [(picture, 17) for picture in pictures(12)])
    for second in (5, 10, 15, 20):
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            container.seek(int(second / stream.time_base), stream=stream)
            seen = [frame.to_ndarray().tobytes() for frame in container.decode(stream)]
        assert seen == frames[second * 10 :]


def test_a_stream_of_another_form_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "high.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "medium"})
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        container.start_encoding()
        with pytest.raises(ValueError, match="not a baseline stream"):
            Holds(bytes(stream.codec_context.extradata or b""))


def test_a_file_over_the_limit_is_given_up(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    stream = Plain(tmp_path / "v.mp4", SIZE, 10, 5_000, "libx264", X264)
    noise = chance.integers(0, 256, (SIZE[1], SIZE[0], 4), dtype=np.uint8)
    with pytest.raises(Fault, match=r"^$") as caught:
        stream.write([Change(0, SIZE[1], 0, noise)], 99)
    assert caught.value.code == "video_too_large"


def test_what_the_stream_raises_is_raised_where_the_scene_waits() -> None:
    class Broken:
        def write(self, changes: list[Change], repeat: int) -> None:
            raise OSError(28, "no space left")

        def close(self) -> None:
            raise AssertionError("a broken stream is not closed")

    encoder = Encoder(Broken())
    encoder.write([], 1)
    with pytest.raises(OSError, match="no space left"):
        encoder.close()
