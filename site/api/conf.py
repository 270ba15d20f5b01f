"""Sphinx's settings for the reference of the library; `pmcampus.builders.api` builds with them."""

from importlib.metadata import version as version_of

project = "PM Campus library"
author = "PM Campus authors"
project_copyright = "PM Campus authors, MIT licence"
version = release = version_of("pmcampus")

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.intersphinx"]
intersphinx_mapping: dict[str, tuple[str, str | None]] = {}  # nothing is fetched
default_role = "code"
autodoc_default_options = {"members": True, "show-inheritance": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
toc_object_entries_show_parents = "hide"
python_use_unqualified_type_names = True
suppress_warnings = ["ref.python"]  # two files may use one name

html_theme = "furo"
html_title = "PM Campus library"
html_static_path = ["_static"]
html_css_files = ["campus-api.css"]
templates_path = ["_templates"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_use_index = True
html_last_updated_fmt = None  # no date of building: two builds are the same
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}

FONT = '"Atkinson Next","Segoe UI",system-ui,-apple-system,Roboto,"Noto Sans",Arial,sans-serif'
MONO = 'ui-monospace,"Cascadia Mono","SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace'


def colours(
    *,
    paper: str,
    sunk: str,
    raised: str,
    ink: str,
    ink2: str,
    line: str,
    edge: str,
    link: str,
    team: str,
    team_ground: str,
) -> dict[str, str]:
    """The campus colours under the names that furo uses."""
    return {
        "font-stack": FONT,
        "font-stack--monospace": MONO,
        "font-stack--headings": FONT,
        "color-brand-primary": team,
        "color-brand-content": link,
        "color-brand-visited": link,
        "color-link": link,
        "color-link--hover": link,
        "color-link--visited": link,
        "color-link--visited--hover": link,
        "color-background-primary": paper,
        "color-background-secondary": sunk,
        "color-background-hover": sunk,
        "color-background-border": line,
        "color-background-item": raised,
        "color-foreground-primary": ink,
        "color-foreground-secondary": ink2,
        "color-foreground-muted": ink2,
        "color-foreground-border": edge,
        "color-sidebar-background": sunk,
        "color-sidebar-link-text": ink,
        "color-sidebar-link-text--top-level": ink,
        "color-sidebar-caption-text": ink2,
        "color-sidebar-item-background--current": team_ground,
        "color-toc-item-text": ink2,
        "color-toc-item-text--active": team,
        "color-toc-title-text": ink,
        "color-api-background": sunk,
        "color-api-background-hover": sunk,
        "color-api-overall": ink2,
        "color-api-name": ink,
        "color-api-pre-name": ink2,
        "color-api-paren": ink2,
        "color-api-keyword": team,
        "color-announcement-background": paper,
        "color-announcement-text": ink,
        "color-inline-code-background": sunk,
        "color-highlight-on-target": team_ground,
    }


html_theme_options = {
    "announcement": "<!-- the header in _templates/page.html -->",
    "light_css_variables": colours(
        paper="#fcfcfa",
        sunk="#f3f2ef",
        raised="#ffffff",
        ink="#1f1923",
        ink2="#4a4350",
        line="#d8d4d0",
        edge="#857d88",
        link="#17467f",
        team="#5d2756",
        team_ground="#f4e7f2",
    ),
    "dark_css_variables": colours(
        paper="#161318",
        sunk="#1e1a21",
        raised="#252029",
        ink="#f1ecf3",
        ink2="#cbc2cf",
        line="#3d3641",
        edge="#8e8494",
        link="#a9c9f5",
        team="#e0b3da",
        team_ground="#2d1c2c",
    ),
}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def for_search(app, pagename, templatename, context, doctree):  # type: ignore[no-untyped-def]
    """Mark what the campus search reads; Sphinx's own search page is not published."""
    known = context["hasdoc"]
    context["hasdoc"] = lambda name: name != "search" and known(name)
    if "body" in context:
        context["body"] = (
            f'<div data-pagefind-body data-pagefind-filter="kind:Reference">{context["body"]}</div>'
        )


def setup(app):  # type: ignore[no-untyped-def]
    """Sphinx calls this once."""
    app.connect("html-page-context", for_search)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
