"""What adopted content refers to, added to the campus's own forms: entries it does not know yet.

Forms are written by people and keep their comments: entries are added to the text, and the file is only
written when it then reads as the old one plus the new entries.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pmcampus.files import write_text
from pmcampus.releases.excerpt import ENTRY, FOLDER, PARTS, entries

LIST = re.compile(r"^(modules|case_studies):[^\n\[]*\n((?:[ ]*(?:-|#)[^\n]*\n|[ ]*\n)*)", re.MULTILINE)


def merge(root: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """What was added, or what a person has to add, as sentences."""
    forms = root / "curriculum"
    for name, new in entries(files, "the archive").items():
        yield from _entries(forms / f"{name}.yaml", PARTS[name][0], new)
    content = files.get(f"{FOLDER}references.bib")
    if content is not None:
        yield from _references(forms / "references.bib", content.decode("utf-8", "replace"))


def list_in_curriculum(root: Path, shelf: str, id: str) -> str | None:
    """A sentence when the id was added to the list that the site follows, or has to be; else None."""
    path = root / "curriculum" / "curriculum.yaml"
    text = path.read_text("utf-8")
    before = yaml.safe_load(text)
    if id in before[shelf]:
        return None
    for found in LIST.finditer(text):
        if found[1] == shelf:
            entries = re.findall(r"^( *)-", found[2], re.MULTILINE)
            line = f"{entries[0] if entries else '  '}- {id}\n"
            end = found.end() - len(found[2]) + len(found[2].rstrip("\n ")) + 1
            new = text[:end] + line + text[end:]
            if yaml.safe_load(new) == before | {shelf: [*before[shelf], id]}:
                write_text(path, new)
                return f"curriculum/curriculum.yaml: {id} is on the list of {shelf}."
    inline = re.sub(
        rf"^({shelf}: *\[)([^\]]*)\]",
        lambda m: f"{m[1]}{m[2]}{', ' if m[2].strip() else ''}{id}]",
        text,
        count=1,
        flags=re.MULTILINE,
    )
    if yaml.safe_load(inline) == before | {shelf: [*before[shelf], id]}:
        write_text(path, inline)
        return f"curriculum/curriculum.yaml: {id} is on the list of {shelf}."
    return f"curriculum/curriculum.yaml: add {id} to the list of {shelf}."


def _entries(path: Path, key: str, offered: Mapping[str, Any]) -> Iterator[str]:
    """New entries under this key; an entry that the campus has is its own and stays."""
    text = path.read_text("utf-8")
    before = yaml.safe_load(text)
    new = {name: entry for name, entry in offered.items() if name not in before[key]}
    if not new:
        return
    names = ", ".join(new)
    block = yaml.safe_dump(new, sort_keys=False, allow_unicode=True, width=100)
    lines = "".join(f"  {line}\n" for line in block.splitlines())
    if not text.endswith("\n"):
        text += "\n"
    try:
        joined = text + lines
        fits = yaml.safe_load(joined) == before | {key: before[key] | new}
    except yaml.YAMLError:
        fits = False
    if fits:
        write_text(path, joined)
        yield f"curriculum/{path.name}: added {names}."
    else:
        yield f"curriculum/{path.name}: add {names}; the entries are in excerpt/{path.name} of the archive."


def _references(path: Path, text: str) -> Iterator[str]:
    held = path.read_text("utf-8") if path.is_file() else ""
    known = {entry[1] for entry in ENTRY.finditer(held)}
    new = [entry for entry in ENTRY.finditer(text) if entry[1] not in known]
    if new:
        more = "\n\n".join(entry[0].strip() for entry in new)
        write_text(path, f"{held.rstrip()}\n\n{more}\n".lstrip())
        yield f"curriculum/references.bib: added {', '.join(entry[1] for entry in new)}."
