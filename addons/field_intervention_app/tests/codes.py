"""What a camera sees: codes as they stick on machines and parts."""

import base64
import io
import re

from PIL import Image, ImageDraw, ImageFilter, ImageOps
from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.graphics.shapes import Rect
from reportlab.lib.colors import black

SIZE = 640, 480


def draw_label(source):
    """The code of a machine's label, dot for dot, from the image that is printed."""
    svg = base64.b64decode(source.partition(",")[2]).decode()
    dots = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1", svg)]
    side = int(re.search(r"viewBox=\"0 0 (\d+)", svg)[1])
    picture = Image.new("L", (side, side), 255)
    for dot in dots:
        picture.putpixel(dot, 0)
    return picture.resize((320, 320), Image.Resampling.NEAREST)


def draw_code(kind, text):
    """A bar code or data matrix, as a maker prints it."""
    bars = _find_bars(createBarcodeDrawing(kind, value=text, quiet=False).contents[0].draw())
    dot = 4 / min(bar.width for bar in bars)  # pixels
    boxes = [
        [round(side * dot) for side in (bar.x, bar.y, bar.x + bar.width, bar.y + bar.height)]
        for bar in bars
    ]
    _left, _low, width, height = (max(sides) for sides in zip(*boxes, strict=True))
    picture = Image.new("L", (width, height), 255)
    pen = ImageDraw.Draw(picture)
    for left, low, right, high in boxes:
        pen.rectangle((left, height - high, right - 1, height - low - 1), 0)
    return ImageOps.expand(picture, 40, 255)


def _find_bars(shape):
    if isinstance(shape, Rect):
        return [shape] if shape.fillColor == black else []
    return [bar for part in getattr(shape, "contents", ()) for bar in _find_bars(part)]


def film(picture, path):
    """Show a code to the camera: a little askew and not quite sharp, as in a hand."""
    scene = Image.new("L", SIZE, 170)
    width, height = picture.size
    scene.paste(picture, ((SIZE[0] - width) // 2, (SIZE[1] - height) // 2))
    scene = scene.rotate(3, fillcolor=170, resample=Image.Resampling.BICUBIC)
    frame = io.BytesIO()
    scene.filter(ImageFilter.GaussianBlur(0.7)).convert("RGB").save(frame, "JPEG", quality=85)
    path.write_bytes(frame.getvalue() * 5)
