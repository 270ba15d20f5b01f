"""How long `pmcampus lint` takes on a whole curriculum: 24 modules, 131 lessons with outputs and plots.

The curriculum is made of copies of the written modules' lessons, in a temporary folder. Run it with
`python benchmarks/lint.py`; the figure is the best of three in a fresh process each.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

import yaml

REPOSITORY = Path(__file__).parents[1]
MODULES, LESSONS, RUNS = 24, 131, 3


def synthetic(root: Path) -> None:
    shutil.copytree(REPOSITORY / "curriculum", root / "curriculum")
    sources = sorted((REPOSITORY / "modules").glob("*/lessons/*.ipynb"))
    model_folder = sources[0].parents[1]
    form = yaml.safe_load((model_folder / "module.yaml").read_text("utf-8"))
    entries = {entry["file"]: entry for entry in form["lessons"]}
    supply = cycle(path for path in sources if path.name in entries)
    ids = []
    for number in range(MODULES):
        count = LESSONS // MODULES + (number < LESSONS % MODULES)
        id = f"{model_folder.name}-{number + 1}"
        folder = root / "modules" / id
        (folder / "lessons").mkdir(parents=True)
        for path in model_folder.glob("*.md"):
            shutil.copyfile(path, folder / path.name)
        lessons = []
        for place, path in enumerate(islice(supply, count), start=1):
            name = f"{place:02}-{path.name[3:-6]}-{place}.ipynb"
            (folder / "lessons" / name).write_text(own_copy(path, f"{number}-{place}"), "utf-8")
            lessons.append(entries[path.name] | {"file": name})
        outcomes = [o | {"practised_in": [lessons[0]["file"][3:-6]]} for o in form["outcomes"]]
        changed = form | {
            "lessons": lessons,
            "outcomes": outcomes,
            "code": f"G{number + 10}",
            "assessment": None,
        }
        text = yaml.safe_dump(changed, sort_keys=False, allow_unicode=True)
        (folder / "module.yaml").write_text(text, "utf-8")
        ids.append(id)
    curriculum = root / "curriculum" / "curriculum.yaml"
    listed = yaml.safe_load(curriculum.read_text("utf-8"))
    listed["modules"] += ids
    curriculum.write_text(yaml.safe_dump(listed, sort_keys=False, allow_unicode=True), "utf-8")


def own_copy(path: Path, name: str) -> str:
    """The lesson with labels of its own, and no cell that equals one elsewhere: caches gain nothing."""
    notebook = json.loads(path.read_text("utf-8").replace("-check-", f"-of-{name}-check-"))
    for cell in notebook["cells"]:
        cell["source"] = [
            *cell["source"],
            f"\n# {name}" if cell["cell_type"] == "code" else f"\n\nCopy {name}.",
        ]
    return json.dumps(notebook, indent=1, ensure_ascii=False)


def measure(root: Path) -> None:
    start = perf_counter()
    from pmcampus.content import load_tree
    from pmcampus.lint import checked_files, lint, rules

    imported = perf_counter()
    tree = load_tree(root)
    loaded = perf_counter()
    problems = lint(tree, today=date(2026, 11, 24))
    done = perf_counter()
    found = {
        "import": imported - start,
        "read": loaded - imported,
        "rules": done - loaded,
        "all": done - start,
    }
    found |= {"problems": len(problems), "files": checked_files(tree), "rule_count": len(rules())}
    print(json.dumps(found))


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        synthetic(root)
        notebooks = list(root.rglob("*.ipynb"))
        size = sum(path.stat().st_size for path in notebooks) / 1e6
        runs = [
            json.loads(subprocess.check_output([sys.executable, __file__, place], text=True))
            for _ in range(RUNS)
        ]
    best = min(runs, key=lambda run: run["all"])
    parts = ", ".join(f"{part} {best[part]:.2f}" for part in ("import", "read", "rules"))
    print(f"{MODULES} modules, {len(notebooks)} lessons, {size:.1f} MB, {best['files']} files read")
    print(f"lint {best['all']:.2f} s ({parts}); reading : rules = 1 : {best['rules'] / best['read']:.1f}")
    print(f"{best['rule_count']} rules, {best['problems']} problems (copies do not fit the map)")


if __name__ == "__main__":
    measure(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
