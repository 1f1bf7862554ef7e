"""Sound that a scene added, put beside its pictures."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import TYPE_CHECKING

import av

if TYPE_CHECKING:
    from pydub import AudioSegment

_CODECS = {"mp4": "aac", "webm": "libopus"}


def add_sound_track(path: Path, sound: AudioSegment, container: str) -> None:
    """Add ``sound`` to the video at ``path``, in place; the video's packets are copied, not encoded again."""
    samples = path.with_suffix(".wav")
    with wave.open(str(samples), "wb") as file:
        file.setnchannels(sound.channels)
        file.setsampwidth(sound.sample_width)
        file.setframerate(sound.frame_rate)
        file.writeframes(sound.raw_data)
    joined = path.with_stem(path.stem + "-sound")
    options = {"movflags": "+faststart"} if container == "mp4" else {}
    with (
        av.open(str(path)) as pictures,
        av.open(str(samples)) as heard,
        av.open(str(joined), "w", options=options) as out,
    ):
        video = out.add_stream_from_template(pictures.streams.video[0])
        audio = out.add_stream(_CODECS[container], rate=48000)
        for packet in pictures.demux(video=0):
            if packet.dts is not None:
                packet.stream = video
                out.mux(packet)
        for frame in heard.decode(audio=0):
            out.mux(audio.encode(frame))
        out.mux(audio.encode(None))
    samples.unlink()
    joined.replace(path)
