"""Images: JPEG and PNG, opened with Pillow."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import IO

from PIL import Image, ImageFile

from emulation.uploads.polyglots import check_single
from emulation.uploads.refusal import Refused

MAX_PIXELS = 40_000_000


def open_jpeg(file: IO[bytes]) -> None:
    """Raise Refused unless the file is a JPEG image."""
    _open_image(file, "JPEG")


def open_png(file: IO[bytes]) -> None:
    """Raise Refused unless the file is a PNG image."""
    _open_image(file, "PNG")


def _open_image(file: IO[bytes], kind: str) -> None:
    """Raise Refused unless the file is one image of this kind, not too large, that decodes whole.

    Phones write JPEG files with a second picture behind; Pillow calls those MPO.
    """
    check_single(file)
    try:
        with Image.open(file, formats=["JPEG", "PNG"]) as image:
            if (image.format or "").replace("MPO", "JPEG") != kind:
                raise Refused("mismatch", kind=kind)
            if image.width * image.height > MAX_PIXELS:
                raise Refused("pixels")
            image.verify()
        file.seek(0)
        with _whole_only(), Image.open(file, formats=["JPEG", "PNG"]) as image:
            image.draft(None, (1, 1))  # an eighth of a JPEG is enough to see that it is whole
            image.load()
    except Image.DecompressionBombError as error:
        raise Refused("pixels") from error
    except Image.UnidentifiedImageError as error:
        raise Refused("mismatch", kind=kind) from error


_one_at_a_time = Lock()


@contextmanager
def _whole_only() -> Iterator[None]:
    """Let Pillow refuse what is cut off: WeasyPrint, once imported, tells it to look away."""
    with _one_at_a_time:
        before = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before
