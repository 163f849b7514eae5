from io import BytesIO

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from chatrigo.errors import Invalid
from chatrigo.integrations.images import inspect

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def encode(picture: Image.Image, format: str, **options) -> bytes:
    out = BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def halves(size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    return picture


def opened(raw: bytes) -> Image.Image:
    picture = Image.open(BytesIO(raw))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("format", "mime"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("WEBP", "image/webp"),
        ("GIF", "image/png"),
    ],
)
def test_the_accepted_kinds(format: str, mime: str):
    image = inspect(encode(halves(), format))

    assert (image.mime, image.width, image.height) == (mime, 64, 32)
    assert opened(image.bytes).get_format_mimetype() == mime
    red, _, blue = opened(image.bytes).convert("RGB").getpixel((5, 5))
    assert red > 200 > 50 > blue


@pytest.mark.parametrize("format", ["BMP", "TIFF", "ICO", "PPM"])
def test_other_pictures_are_refused(format: str):
    with pytest.raises(Invalid, match=r"errors\.image_kind"):
        inspect(encode(halves(), format))


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\xff\xd8"]
)
def test_what_is_no_picture_is_refused(raw: bytes):
    with pytest.raises(Invalid, match=r"errors\.image_"):
        inspect(raw)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_half_a_picture_is_unreadable(format: str):
    whole = encode(Image.effect_noise((200, 200), 80).convert("RGB"), format)

    with pytest.raises(Invalid, match=r"errors\.image_unreadable"):
        inspect(whole[: len(whole) // 2])


@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize("size", [(7000, 6000), (10_000, 9500), (20_000, 10_000)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size: tuple[int, int]):
    raw = encode(Image.new("1", size), "PNG")

    with pytest.raises(Invalid) as caught:
        inspect(raw)

    assert caught.value.key == "errors.image_too_big"
    assert caught.value.values == {"megapixels": 40}


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_where_and_with_what_it_was_taken_is_left_behind(format: str):
    exif = Image.Exif()
    exif[MAKE] = "Kamera Rahasia"
    exif[GPS] = {1: "S", 2: (6.0, 12.0, 30.0)}
    raw = encode(halves(), format, exif=exif)
    assert b"Kamera Rahasia" in raw

    image = inspect(raw)

    assert b"Kamera Rahasia" not in image.bytes
    assert not opened(image.bytes).getexif()


def test_comments_and_texts_are_left_behind():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Rahasia")

    assert b"Rahasia" not in inspect(encode(halves(), "PNG", pnginfo=texts)).bytes
    assert b"Rahasia" not in inspect(encode(halves(), "JPEG", comment=b"Rahasia")).bytes
    assert b"Rahasia" not in inspect(encode(halves(), "GIF", comment=b"Rahasia")).bytes


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_sideways_stands_upright(format: str):
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned a quarter clockwise

    image = inspect(encode(halves(), format, exif=exif))

    assert (image.width, image.height) == (32, 64)
    top, bottom = (opened(image.bytes).getpixel((16, y)) for y in (4, 60))
    assert top[0] > 200 > bottom[0]
    assert bottom[2] > 200 > top[2]


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
@pytest.mark.parametrize(
    ("size", "kept"),
    [((4000, 1000), (2048, 512)), ((1000, 3000), (683, 2048)), ((2048, 10), (2048, 10))],
)
def test_the_long_side_is_limited(format: str, size: tuple[int, int], kept: tuple[int, int]):
    image = inspect(encode(halves(size), format))

    assert (image.width, image.height) == kept
    assert opened(image.bytes).size == kept


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_to_write_a_png(mode: str):
    image = inspect(encode(Image.new(mode, (30, 20)), "PNG"))

    assert (image.width, image.height) == (30, 20)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_way_to_write_a_jpeg(mode: str):
    image = inspect(encode(Image.new(mode, (30, 20)), "JPEG"))

    assert opened(image.bytes).mode in ("L", "RGB")


def test_sixteen_bits_of_grey_keep_their_brightness():
    image = inspect(encode(Image.new("I;16", (8, 8), 0x8000), "PNG"))

    assert opened(image.bytes).convert("L").getpixel((4, 4)) == pytest.approx(128, abs=2)


def test_transparency_stays():
    glass = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
    palette = glass.convert("P")

    assert opened(inspect(encode(glass, "PNG")).bytes).getpixel((5, 5))[3] == 0
    assert opened(inspect(encode(glass, "WEBP")).bytes).mode == "RGBA"
    assert opened(inspect(encode(palette, "PNG", transparency=0)).bytes).mode == "RGBA"


def test_the_colour_profile_stays():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    image = inspect(encode(halves(), "JPEG", icc_profile=profile))

    assert opened(image.bytes).info["icc_profile"] == profile


def test_a_moving_picture_becomes_its_first_frame():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    raw = encode(frames[0], "GIF", save_all=True, append_images=frames[1:])

    still = opened(inspect(raw).bytes)

    assert getattr(still, "n_frames", 1) == 1
    assert still.convert("RGB").getpixel((5, 5)) == (255, 0, 0)
