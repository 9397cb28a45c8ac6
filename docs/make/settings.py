"""The page of each setting: a clinic's from the settings themselves, an installation's from the README."""

import re
import shutil
from pathlib import Path

from clinic.configuration.rules import SETTINGS
from clinic.configuration.rules.facts import FACTS
from clinic.configuration.rules.kinds import Setting
from clinic.configuration.rules.settings import GROUPS
from clinic.configuration.rules.words import cell_words, in_words, range_words

README = Path(__file__).parents[2] / "README.md"
ROW = re.compile(r"^\| (`[A-Z_…, `]+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
HOW_SURE = "A read in the source, B well known, C our own choice or unverified"


def write(folder: Path) -> None:
    """Write every page into an empty folder, with an index of each kind."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for setting in SETTINGS.values():
        (folder / f"{setting.key}.md").write_text(_of_a_clinic(setting), encoding="utf-8")
    installation = {_file(row[0]): row for row in ROW.findall(README.read_text(encoding="utf-8"))}
    for name, row in installation.items():
        (folder / f"{name}.md").write_text(_of_an_installation(*row), encoding="utf-8")
    groups = {group: [setting.key for setting in settings] for group, settings in GROUPS.items()}
    (folder / "clinic.md").write_text(_index("Settings of a clinic", FOR_A_CLINIC, groups), encoding="utf-8")
    (folder / "installation.md").write_text(
        _index("Settings of an installation", FOR_AN_INSTALLATION, {"All": list(installation)}),
        encoding="utf-8",
    )


FOR_A_CLINIC = """What a clinic decides. An administrator changes it under Administration, Settings, with a
reason; every version is kept and can be brought back. What was recorded keeps the version it was made on."""
FOR_AN_INSTALLATION = """What whoever runs the program decides, in the environment or in `.env`;
the environment wins. They are read once at start; a wrong one stops it with a sentence that says why."""


def _of_a_clinic(setting: Setting) -> str:
    fact = FACTS[setting.fact]
    rows = [
        ("Default", in_words(setting, setting.default)),
        ("Allowed", range_words(setting) or "Any"),
        ("Fact", f"{fact.id}, {fact.title} ([facts](../facts/{fact.file}))"),
        ("Source", fact.source),
        ("Confidence", f"{fact.confidence} ({HOW_SURE})"),
        ("Key", f"`{setting.key}`"),
    ]
    return f"# {setting.label}\n\n{fact.says}\n\n{_table(rows)}{_default_rows(setting)}"


def _default_rows(setting: Setting) -> str:
    if setting.table is None or not setting.default:
        return ""
    columns = setting.table.columns
    lines = [[column.label for column in columns], ["---"] * len(columns)]
    lines += [
        [cell_words(column.kind, getattr(row, column.name)) for column in columns] for row in setting.default
    ]
    return "\n## Default\n\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _of_an_installation(names: str, meaning: str, default: str) -> str:
    return f"# {names}\n\n{meaning[0].upper()}{meaning[1:]}.\n\n{_table([('Default', default)])}"


def _table(rows: list[tuple[str, str]]) -> str:
    return "| | |\n|---|---|\n" + "".join(f"| {name} | {words} |\n" for name, words in rows)


def _index(title: str, words: str, groups: dict[str, list[str]]) -> str:
    trees = "".join(
        f"\n## {group}\n\n```{{toctree}}\n:maxdepth: 1\n\n" + "\n".join(pages) + "\n```\n"
        for group, pages in groups.items()
    )
    return f"# {title}\n\n{words}\n{trees}"


def _file(names: str) -> str:
    return re.sub(r"[^a-z]+", "_", names.split(",")[0].lower()).strip("_")
