"""Every colour pair that may carry meaning keeps its measured contrast (design, section 12; WCAG 2.2 AA)."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "clinic" / "web" / "static" / "tokens.css"

# Foreground, background, least contrast in light, in dark.
TEXT = """
ink paper 13.90 14.77
ink sheet 15.42 13.16
ink sunk 12.58 11.44
ink hover 13.90 11.95
ink selected 12.85 10.13
ink-2 paper 7.47 10.11
ink-2 sheet 8.29 9.01
ink-2 sunk 6.76 7.83
ink-2 hover 7.47 8.18
ink-2 selected 6.91 6.94
ink-3 paper 5.54 7.53
ink-3 sheet 6.15 6.71
ink-3 sunk 5.02 5.83
ink-3 hover 5.54 6.09
ink-3 selected 5.13 5.17
link paper 7.39 10.24
link sheet 8.21 9.12
link sunk 6.70 7.93
link hover 7.40 8.29
link selected 6.84 7.03
danger paper 6.83 8.96
danger sheet 7.58 7.98
danger sunk 6.18 6.94
danger hover 6.83 7.25
danger selected 6.31 6.15
warning paper 7.22 10.66
warning sheet 8.01 9.50
warning sunk 6.54 8.26
warning hover 7.22 8.62
warning selected 6.68 7.32
success paper 7.39 10.02
success sheet 8.20 8.93
success sunk 6.69 7.76
success hover 7.39 8.11
success selected 6.83 6.88
info paper 7.95 9.99
info sheet 8.82 8.89
info sunk 7.20 7.73
info hover 7.95 8.08
info selected 7.35 6.85
ink danger-tint 12.94 12.22
ink warning-tint 13.50 11.38
ink success-tint 12.97 11.19
ink info-tint 12.89 11.42
ink referral-tint 12.70 11.59
ink detox-tint 12.68 12.01
ink inpatient-tint 12.79 11.36
ink outpatient-tint 12.88 10.91
ink aftercare-tint 13.17 10.77
ink chart-band 11.67 9.16
ink-2 danger-tint 6.96 8.37
ink-2 warning-tint 7.26 7.79
ink-2 success-tint 6.97 7.66
ink-2 info-tint 6.92 7.82
ink-2 referral-tint 6.82 7.94
ink-2 detox-tint 6.82 8.23
ink-2 inpatient-tint 6.87 7.78
ink-2 outpatient-tint 6.92 7.47
ink-2 aftercare-tint 7.08 7.38
ink-2 chart-band 6.27 6.27
danger danger-tint 6.36 7.42
warning warning-tint 7.02 8.21
success success-tint 6.90 7.59
info info-tint 7.37 7.72
referral referral-tint 7.96 8.76
detox detox-tint 9.79 4.82
inpatient inpatient-tint 8.53 5.03
outpatient outpatient-tint 4.67 8.13
aftercare aftercare-tint 4.72 9.80
link danger-tint 6.89 8.48
link warning-tint 7.18 7.89
link info-tint 6.86 7.92
link success-tint 6.90 7.76
referral sheet 9.67 9.94
referral paper 8.71 11.16
on-level referral 9.67 11.16
detox sheet 11.90 5.27
detox paper 10.72 5.92
on-level detox 11.90 5.92
inpatient sheet 10.28 5.82
inpatient paper 9.27 6.54
on-level inpatient 10.28 6.54
outpatient sheet 5.59 9.80
outpatient paper 5.04 11.00
on-level outpatient 5.59 11.00
aftercare sheet 5.53 11.97
aftercare paper 4.98 13.44
on-level aftercare 5.53 13.44
on-action action 8.88 8.29
on-action action-hover 11.95 10.33
on-danger danger 7.58 8.53
on-bar bar 11.94 15.70
on-bar bar-active 8.97 10.99
on-bar-2 bar 7.99 9.54
on-bar-2 bar-active 6.00 6.67
chart-now sheet 7.58 7.98
ink-3 chart-band 4.65 4.67
on-count count 9.77 9.77
ink-3 danger-tint 5.16 6.23
ink-3 warning-tint 5.39 5.80
ink-3 success-tint 5.17 5.71
ink-3 info-tint 5.14 5.83
"""
SHAPES = """
control-border sheet 4.81 4.84
control-border paper 4.34 5.44
control-border sunk 3.93 4.21
action sheet 8.88 8.42
action paper 8.00 9.45
warning-mark sheet 4.18 7.25
warning-mark warning-tint 3.66 6.27
chart-line sheet 13.25 13.16
chart-line chart-band 10.03 9.16
chart-band-edge sheet 3.51 5.05
chart-now chart-band 5.73 5.56
referral sunk 7.89 8.65
detox sunk 9.71 4.59
inpatient sunk 8.39 5.06
outpatient sunk 4.56 8.52
aftercare sunk 4.51 10.41
focus-outer sheet 15.42 10.03
focus-outer paper 13.90 11.27
focus-outer focus-inner 9.77 11.27
focus-on-bar bar 8.39 11.97
"""


def _pairs(table: str) -> list[tuple[str, str, float, float]]:
    rows = (line.split() for line in table.strip().splitlines())
    return [(ink, ground, float(light), float(dark)) for ink, ground, light, dark in rows]


def _tokens() -> tuple[Mapping[str, str], Mapping[str, str]]:
    light, dark = TOKENS.read_text().split("@media (prefers-color-scheme: dark)")
    found = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", part)) for part in (light, dark)]
    return found[0], {**found[0], **found[1]}


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("table", "least"), [(TEXT, 4.5), (SHAPES, 3.0)], ids=["text", "shapes"])
def test_pairs_keep_their_measured_contrast(table: str, least: float) -> None:
    light, dark = _tokens()
    for ink, ground, in_light, in_dark in _pairs(table):
        for tokens, measured in ((light, in_light), (dark, in_dark)):
            found = contrast(tokens[ink], tokens[ground])
            assert found >= max(least, measured), (ink, ground, found)
