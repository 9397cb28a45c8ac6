"""The README's table of settings is the one that the program reads."""

import re
from collections.abc import Iterator, Mapping

from clinic.core import settings
from runner.steps import ROOT
from tests.conftest import ENV


class Asked(Mapping[str, str]):
    """An environment that remembers what was asked for."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values_given, self.names = values, set[str]()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self.values_given[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_given)

    def __len__(self) -> int:
        return len(self.values_given)


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    asked = Asked(ENV)
    settings.read(asked)
    table = (ROOT / "README.md").read_text().partition("\n## Settings")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([A-Z_]+_[A-Z_]+)`", row[1])}
    settle = next(row[2] for row in rows if "CLINIC_SETTLE_…_SECONDS" in row[1])
    named |= {f"CLINIC_SETTLE_{name}_SECONDS" for name in re.findall(r"`([A-Z_]+)`", settle)}
    assert asked.names == named
