"""What every archive says about itself: RO-Crate metadata, a citation, and what its content refers to."""

import io
import json
import mimetypes
from collections.abc import Mapping
from contextlib import redirect_stderr
from typing import Any

import yaml

from pmcampus.archive import sha256

VERSION = "1.1"  # the one that repositories and validators read today
CRATE, CITATION = "ro-crate-metadata.json", "CITATION.cff"
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
TYPES = {".ipynb": "application/x-ipynb+json", ".yaml": "application/yaml", ".md": "text/markdown"}


def ro_crate(facts: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """`ro-crate-metadata.json` for these files, by the `rocrate` library, with nothing random or of today.

    Args:
        facts: schema.org properties of the whole, with `datePublished`, `license` (SPDX) and `authors`.
    """
    from rocrate.model.contextentity import ContextEntity  # type: ignore[import-untyped]
    from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]

    crate = ROCrate(version=VERSION)
    given = dict(facts)
    authors, licence = given.pop("authors"), str(given.pop("license"))
    address = LICENCES.get(licence, f"https://spdx.org/licenses/{licence}")
    named = {"@type": "CreativeWork", "name": licence, "identifier": licence}
    crate.add(ContextEntity(crate, address, named))
    people = []
    for number, author in enumerate(authors, start=1):
        kept = {key: value for key, value in author.items() if key != "@id" and value}
        people.append(crate.add(ContextEntity(crate, author.get("@id") or f"#author-{number}", kept)))
    crate.root_dataset["license"] = {"@id": address}
    crate.root_dataset["author"] = people
    for name, value in given.items():
        crate.root_dataset[name] = value
    with redirect_stderr(io.StringIO()):
        for name, content in sorted(files.items()):
            ending = name[name.rfind(".") :] if "." in name else ""
            kind = TYPES.get(ending) or mimetypes.guess_type(name)[0] or "application/octet-stream"
            crate.add_file(
                dest_path=name,
                properties={
                    "contentSize": str(len(content)),
                    "encodingFormat": kind,
                    "sha256": sha256(content),
                },
            )
    made = crate.metadata.generate()
    made["@graph"] = sorted(made["@graph"], key=lambda entity: str(entity["@id"]))
    return (json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def cff(*, title: str, version: str, released: str, licence: str, authors: list[str]) -> bytes:
    """`CITATION.cff` of a release, in Citation File Format 1.2.0 (https://doi.org/10.5281/zenodo.5171937)."""
    form = {
        "cff-version": "1.2.0",
        "message": "If you use this, please cite it with its version.",
        "type": "dataset",
        "title": title,
        "version": version,
        "date-released": released,
        "license": licence,
        "authors": [{"name": author} for author in authors],
    }
    return yaml.safe_dump(form, sort_keys=False, allow_unicode=True).encode()


def citation(*, authors: list[str], year: int, title: str, version: str, kind: str, campus: str) -> str:
    """One line for a list of references."""
    return f"{', '.join(authors)} ({year}). {title} (version {version}) [{kind}]. {campus}."
