"""
Pictures from outside, made safe to keep and to show.

Every picture is decoded and encoded anew: that proves it is one, and leaves behind where and
with what it was taken, and whatever was hidden in it. Moving pictures become their first frame.
Decoding takes up to a second of CPU: call it in a thread.
"""

import base64
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

from chatrigo.errors import Invalid

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MAX_PIXELS = 40_000_000
LONG_SIDE = 2048
# What a model is shown: it costs by the pixel, and reads no more in more of them.
SEEN_SIDE = 1024

# How each accepted format is written again: (format, MIME type, how).
WRITTEN_AS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("JPEG", "image/jpeg", {"quality": 85, "optimize": True}),
    "PNG": ("PNG", "image/png", {}),
    "WEBP": ("WEBP", "image/webp", {"quality": 85}),
    "GIF": ("PNG", "image/png", {}),
}


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as we keep it; `width` and `height` in pixels, as it is to be seen."""

    mime: str
    width: int
    height: int
    bytes: bytes = field(repr=False)


def inspect(raw: bytes) -> Image:
    """
    The picture in `raw`, upright, at most 2048 pixels long, without its metadata.

    Raises Invalid: `errors.image_kind` when it is not JPEG, PNG, WebP or GIF (whatever its name
    says), `errors.image_too_big` over 40 megapixels, `errors.image_unreadable` when broken.
    """
    from PIL import Image as pillow
    from PIL import UnidentifiedImageError

    try:
        with pillow.open(BytesIO(raw), formats=list(WRITTEN_AS)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise pillow.DecompressionBombError
            return _write(_upright(picture), *WRITTEN_AS[picture.format or ""])
    except UnidentifiedImageError as error:
        raise Invalid("errors.image_kind") from error
    except (pillow.DecompressionBombError, pillow.DecompressionBombWarning) as error:
        raise Invalid("errors.image_too_big", megapixels=MAX_PIXELS // 1_000_000) from error
    except Exception as error:  # decoders meet broken files with errors of every kind
        raise Invalid("errors.image_unreadable") from error


def as_seen(raw: bytes) -> str:
    """A picture of ours as a model is shown it: a data URI, at most SEEN_SIDE pixels long."""
    from PIL import Image as pillow

    with pillow.open(BytesIO(raw), formats=list(WRITTEN_AS)) as picture:
        picture.thumbnail((SEEN_SIDE, SEEN_SIDE))
        if picture.mode in ("RGBA", "LA", "P"):
            solid = pillow.new("RGB", picture.size, "white")
            with picture.convert("RGBA") as layer:
                solid.paste(layer, mask=layer)
        else:
            solid = picture.convert("RGB")
        return _uri(solid)


def of_colour(colour: str) -> str:
    """A picture of one colour as a model is shown it, to find out whether it sees."""
    from PIL import Image as pillow

    return _uri(pillow.new("RGB", (96, 96), colour))


def _uri(picture: "Picture") -> str:
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"


def _upright(picture: "Picture") -> "Picture":
    from PIL import ImageOps

    if picture.format == "JPEG":
        picture.thumbnail((LONG_SIDE, LONG_SIDE))  # decodes it smaller, which is much faster
    turned = ImageOps.exif_transpose(picture)
    plain = _plain(turned)
    plain.thumbnail((LONG_SIDE, LONG_SIDE))
    return plain


def _plain(picture: "Picture") -> "Picture":
    """In a mode that scales well and that every format can write."""
    if picture.mode in ("RGB", "RGBA", "L"):
        return picture
    if picture.mode.startswith("I"):  # 16 bits of grey, which convert() would clip to white
        return picture.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _write(picture: "Picture", format: str, mime: str, options: dict[str, Any]) -> Image:
    colours = picture.info.get("icc_profile") if picture.mode in ("RGB", "RGBA") else None
    picture.info.clear()  # comments, positions, thumbnails
    out = BytesIO()
    picture.save(out, format, icc_profile=colours, **options)
    return Image(mime, picture.width, picture.height, out.getvalue())
