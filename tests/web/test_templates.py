"""What the content policy forbids is in no template, and no picture comes from a data: address."""

import re
from pathlib import Path

import flask_bootstrap
import pytest

ROOT = Path(__file__).parents[2] / "clinic"
STATIC = ROOT / "web" / "static"
ON_DISK = ROOT / "downtime" / "templates" / "downtime" / "file.html"  # no page: opened without the server
TEMPLATES = sorted({*ROOT.glob("*/templates/**/*.html")} - {ON_DISK})
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5" / "css" / "bootstrap.min.css"
TEXTS = [path.read_text() for path in TEMPLATES]
OWN = "".join(path.read_text() for path in sorted(STATIC.glob("*.css")))

FORBIDDEN = {
    "style attribute": r"\sstyle\s*=",
    "style element": r"<style\b",
    "script in the page": r"<script(?![^>]*\ssrc=)[^>]*>",
    "event attribute": r"\son[a-z]+\s*=\s*[\"']",
    "unescaped text": r"\|\s*safe\b",
    "javascript address": r"javascript:",
    "address of another host": r"(src|href)=\"https?://",
    "colours that were not measured": r"class=\"[^\"]*\b(text-muted|text-bg-|bg-(?!\{)|opacity-)",
}


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 10


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_template_has(rule: str) -> None:
    found = [
        str(path.relative_to(ROOT)) for path in TEMPLATES if re.search(FORBIDDEN[rule], path.read_text())
    ]
    assert found == []


def test_own_styles_ask_for_no_data_picture() -> None:
    assert re.findall(r"url\([^)]*data:", OWN) == []


def test_every_picture_of_bootstrap_is_declared_anew() -> None:
    variables = set(re.findall(r"(--bs-[\w-]+):url\(\"data:", BOOTSTRAP.read_text()))
    assert len(variables) > 5
    assert [name for name in sorted(variables) if f"{name}: " not in OWN] == []
    assert all(name in OWN for name in (".carousel-control-prev-icon", ".form-control.is-valid"))


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (STATIC / "icons.svg").read_text()
    names = {name for text in TEXTS for name in re.findall(r"icon\(\"([\w-]+)\"[,)]", text)}
    assert len(names) >= 4
    assert [name for name in sorted(names) if f'id="{name}"' not in sprite] == []


def test_every_file_that_a_page_names_exists() -> None:
    names = {name for text in TEXTS for name in re.findall(r"filename=[\"']([^\"']+\.\w+)[\"']", text)}
    assert len(names) > 4
    there = {path.name for path in (*ROOT.glob("*/static/*"), BOOTSTRAP)}
    missing = [name for name in sorted(names) if Path(name).name not in there]
    assert missing == []


def test_every_class_is_drawn_somewhere() -> None:
    styles = OWN + "".join(path.read_text() for path in ROOT.glob("*/static/*.css")) + BOOTSTRAP.read_text()
    drawn = set(re.findall(r"\.([a-zA-Z][\w-]*)", styles))
    unknown = {
        (path.name, word)
        for path, text in zip(TEMPLATES, TEXTS, strict=True)
        for words in re.findall(
            r'class="([^"]*)"', re.sub(r"\{%.*?%\}|\{#.*?#\}", " ", text, flags=re.DOTALL)
        )
        for word in re.sub(r"\S*\{\{.*?\}\}\S*", " ", words).split()
        if re.fullmatch(r"[\w-]+", word) and word not in drawn
    }
    assert unknown == set()
