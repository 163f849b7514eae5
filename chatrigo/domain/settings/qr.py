"""Text as a QR code. Pure."""

import io


def picture(text: str, *, pixels_a_square: int = 12) -> bytes:
    """A black and white PNG with the quiet margin that scanners want."""
    # Loaded when first needed: not every process draws.
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=pixels_a_square, border=4)
    code.add_data(text)
    code.make(fit=True)
    file = io.BytesIO()
    code.make_image().save(file, "PNG")
    return file.getvalue()
