"""Drawn pictures, so that a report of the demo looks like one: no database."""

import io
import math
import random

from PIL import Image, ImageDraw

INK = (24, 40, 96)


def draw_signature(name):
    """A signature as a finger leaves it on a phone: PNG, always the same for one name."""
    dice = random.Random(name)
    image = Image.new("RGB", (450, 150), "white")
    phase, height = dice.uniform(0, 3), dice.uniform(18, 34)
    points = [
        (
            40 + 350 * t / 120 + 22 * math.sin(t / 3 + phase),
            80 + height * math.sin(t / 4.5 + phase) * (1 - t / 160) + dice.uniform(-1.5, 1.5),
        )
        for t in range(121)
    ]
    pen = ImageDraw.Draw(image)
    pen.line(points, fill=INK, width=4, joint="curve")
    pen.line([(60, 122), (390, 108 + dice.uniform(-8, 8))], fill=INK, width=3)
    return _to_png(image)


def draw_gauge(share):
    """A gauge whose needle stands at a share of its range, green in the middle: PNG."""
    image = Image.new("RGB", (480, 360), (196, 201, 208))
    pen = ImageDraw.Draw(image)
    pen.rectangle([(0, 250), (480, 290)], fill=(150, 98, 62))  # the copper pipe behind it
    centre, radius = (240, 175), 135
    box = [(centre[0] - radius, centre[1] - radius), (centre[0] + radius, centre[1] + radius)]
    pen.ellipse(box, fill="white", outline=(60, 64, 70), width=10)
    inner = [(box[0][0] + 22, box[0][1] + 22), (box[1][0] - 22, box[1][1] - 22)]
    for start, stop, colour in (
        (135, 215, "firebrick"),
        (215, 325, "seagreen"),
        (325, 405, "goldenrod"),
    ):
        pen.arc(inner, start, stop, fill=colour, width=14)
    angle = math.radians(135 + 270 * share)
    tip = (centre[0] + 95 * math.cos(angle), centre[1] + 95 * math.sin(angle))
    pen.line([centre, tip], fill=(20, 20, 20), width=7)
    pen.ellipse(
        [(centre[0] - 11, centre[1] - 11), (centre[0] + 11, centre[1] + 11)], fill=(20, 20, 20)
    )
    return _to_png(image)


def _to_png(image):
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
