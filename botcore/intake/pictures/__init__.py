"""Photos of problems: checked, read by a provider that takes pictures, and asked about before anything is
drawn."""

from botcore.intake.pictures.asking import PictureDoor, picture_buttons
from botcore.intake.pictures.reader import PictureReader

__all__ = ["PictureDoor", "PictureReader", "picture_buttons"]
