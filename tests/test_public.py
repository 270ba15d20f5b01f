"""Everything that learners can get is read: files, archives, the search's own."""

import gzip
import io
import zipfile
from pathlib import Path

from pmcampus.paper import load_paper
from pmcampus.public import built, places


def test_every_place_is_named_and_read(own_curriculum: Path) -> None:
    """Lessons, forms and pages, and the site where it was built."""
    site = own_curriculum / "build" / "site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("<p>Hello</p>")
    found = {
        place: dict(texts)
        for place, texts in places(own_curriculum, load_paper(own_curriculum, "counting")).items()
    }

    assert found["the site as last built, its search and its archives"] == {"index.html": " Hello "}
    assert "modules/first-steps/lessons/01-a-lesson.ipynb" in found["lessons, cases and their data"]
    assert "cell given, metadata" in found["the released notebook, its metadata and attachments"]


def test_archives_and_the_search_index_are_opened(tmp_path: Path) -> None:
    """Compressed bytes hide nothing; pictures are left out."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a/module.yaml", "title: Counting")
    (tmp_path / "a.zip").write_bytes(held.getvalue())
    (tmp_path / "en.pf_fragment").write_bytes(gzip.compress(b"words of a page"))
    (tmp_path / "broken.pf_index").write_bytes(b"not packed")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")

    assert dict(built(tmp_path)) == {
        "a.zip/a/module.yaml": "title: Counting",
        "en.pf_fragment": "words of a page",
    }
