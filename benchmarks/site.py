"""Seconds to build the whole site: clean, and again unchanged."""

import shutil
import tempfile
from pathlib import Path

from pmcampus.site import build

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print the seconds of each part, and the ratio of an unchanged build to a clean one."""
    folder = Path(tempfile.mkdtemp(prefix="pmcampus-site-"))
    try:
        clean = build(ROOT, folder / "site")
        again = build(ROOT, folder / "site")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for part in clean.parts:
        print(f"{part.name:<8} {part.seconds:6.1f} s, {part.files} files")
    ratio = clean.seconds / again.seconds
    print(f"clean {clean.seconds:.1f} s, unchanged {again.seconds:.2f} s, ratio {ratio:.0f}")


if __name__ == "__main__":
    main()
