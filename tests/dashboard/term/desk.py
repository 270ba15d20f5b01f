"""An instructor's browser at a dashboard that runs in a process of its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Desk:
    """One window; `elsewhere` and `said` must stay empty: requests to others, and what a page says of it."""

    page: Any
    address: str
    elsewhere: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def open(self, path: str = "/") -> str:
        """The text of this page's main part."""
        answer = self.page.goto(urljoin(self.address, path))
        assert answer.status == 200, path
        return self.text()

    def text(self) -> str:
        """What the open page says."""
        return str(self.page.locator("main").inner_text())

    def row(self, words: str) -> list[str]:
        """The cells of the first row of a table that holds these words in its head."""
        found = self.page.locator("tbody tr", has=self.page.locator("th", has_text=begins(words))).first
        return [text.strip() for text in found.locator("th, td").all_inner_texts()]

    def cells(self, words: str) -> list[str]:
        """The cells of every row that holds these words."""
        found = self.page.locator("tbody tr", has=self.page.locator("th, td", has_text=begins(words)))
        return [text.strip() for text in found.locator("th, td").all_inner_texts()]

    def scrolls_sideways(self, path: str) -> bool:
        """Whether the page is wider than the window."""
        self.open(path)
        return bool(self.page.evaluate(SIDEWAYS))

    def file(self, path: Path) -> "Desk":
        """A file of this machine in a window of its own."""
        other = Desk(self.page.context.new_page(), self.address)
        other.page.goto(path.as_uri())
        return other

    def press(self, *keys: str) -> None:
        """Keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)


def begins(words: str) -> re.Pattern[str]:
    """A cell that begins with these words; `cem` is no December."""
    return re.compile(rf"^\s*{re.escape(words)}")


@contextmanager
def sit_down(browser: Any, printed: str, *, width: int = 1280) -> Iterator[Desk]:
    """A window that came in with the printed address, which works once."""
    address = printed.partition("/enter")[0]
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(20_000)
    desk = Desk(context.new_page(), address)
    desk.page.on(
        "request",
        lambda one: None if one.url.startswith((address, "data:")) else desk.elsewhere.append(one.url),
    )
    desk.page.on("console", lambda message: desk.said.append(message.text))
    desk.page.on("dialog", lambda dialog: (desk.said.append(dialog.message), dialog.dismiss()))
    desk.page.goto(printed)
    desk.page.wait_for_url(f"{address}/")
    yield desk
    context.close()
