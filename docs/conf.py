"""The documents as a site: `sphinx-build -W docs FOLDER`. A page that points nowhere is an error."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from docs.make import settings

project = "Clinic"
extensions = ["myst_parser"]
exclude_patterns = ["adr/0000-template.md"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = "Clinic"
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {"source_repository": "", "top_of_page_buttons": []}
suppress_warnings = ["myst.header"]  # the facts keep the headings of their sources


def setup(app: object) -> None:
    """The page of each setting is written from the settings themselves."""
    settings.write(Path(__file__).parent / "settings")
