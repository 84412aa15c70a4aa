import re

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

STYLE = "field_intervention_app/static/src/app/field_app.scss"
AA, AA_LARGE = 4.5, 3.0

# what is written in which colour on which ground, and the least ratio (WCAG 2.2, AA); the frame of
# a field and the bar of the tab that is open are no text: 3
PAIRS = (
    *(("text", ground, AA) for ground in ("back", "card")),
    *(("soft", ground, AA) for ground in ("back", "card")),
    ("on-brand", "brand", AA),
    ("brand", "card", AA),
    *((name, f"{name}-back", AA) for name in ("good", "warn", "bad", "info")),
    *(
        (name, ground, AA)
        for name in ("good", "warn", "bad", "info")
        for ground in ("back", "card")
    ),
    *(("text", f"{name}-back", AA) for name in ("good", "bad")),
    ("card", "bad", AA),
    ("soft", "card", AA_LARGE),
)


def luminance(color):
    """How bright a colour ``#rrggbb`` is, by the definition of WCAG."""
    channels = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@tagged("post_install", "-at_install")
class TestLooks(BaseCase):
    """Sunlight, gloves, bad eyes: what is written can be read, by day and by night."""

    def _get_palettes(self):
        with file_open(STYLE) as file:
            style = file.read()
        light, dark = re.findall(r":root \{(.*?)\n *\}", style, re.DOTALL)
        read = [dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in (light, dark)]
        return {"light": read[0], "dark": {**read[0], **read[1]}}

    def test_the_ratio_is_the_one_of_the_definition(self):
        for one, other, ratio in (
            ("#000000", "#ffffff", 21.0),
            ("#777777", "#ffffff", 4.48),
            ("#ff0000", "#ffffff", 4.0),
            ("#123456", "#123456", 1.0),
        ):
            self.assertAlmostEqual(contrast(one, other), ratio, places=2)

    def test_every_text_can_be_read(self):
        for mode, palette in self._get_palettes().items():
            for text, ground, least in PAIRS:
                with self.subTest(mode=mode, text=text, ground=ground):
                    ratio = contrast(palette[text], palette[ground])
                    self.assertGreaterEqual(round(ratio, 2), least)

    def test_every_colour_of_the_style_is_in_the_palette_of_both_modes(self):
        with file_open(STYLE) as file:
            style = file.read()
        palettes = self._get_palettes()
        for name in set(re.findall(r"var\(--([\w-]+)\)", style)):
            self.assertIn(name, palettes["light"])
            self.assertIn(name, palettes["dark"])
