"""The decision model of case C2: one year of a region's decision on DPYD testing.

REAL: activity values, allele shares of the European group, relative risks at full and half dose.
ILLUSTRATIVE: costs, QALYs, local counts. What a single role knows is not here: it lies in
`facts-<role>.json`, and each role gets its own file only.
"""

import hashlib
import json
from itertools import product
from pathlib import Path

HERE = Path(__file__).parent
ROLES = [
    "oncologist",
    "pharmacist",
    "laboratory-scientist",
    "payer",
    "patient-representative",
    "data-scientist",
]
PARTS = ["rule", "variants", "where", "dose", "timing"]
VARIANTS = ["*2A", "*13", "c.2846A>T", "HapB3", "c.557A>G"]
VALUES = {"*2A": 0.0, "*13": 0.0, "c.2846A>T": 0.5, "HapB3": 0.5, "c.557A>G": 0.5}  # CPIC
PATIENTS = {"European": 760, "African": 140, "South Asian": 60, "East Asian": 40}  # FICTIONAL
SHARE = {"A": 0.55, "B": 0.30, "C": 0.15}  # of patients, by hospital: FICTIONAL
EUROPEAN = [0.0050, 0.00071, 0.0061, 0.0214, 0.00004]  # allele shares, gnomAD v4
BASE = 231 / 1018  # severe toxicity where no variant was found
CARDS = 8  # that somebody who plays alone may open

COMMON = {  # true for everybody, known to everybody
    "rr_full": [2.87, 4.30, 3.11, 1.72, 2.40],  # last value ILLUSTRATIVE
    "rr_50": [1.31, 1.31, 1.0, 1.0, 1.0],  # 1.0: back to background, ILLUSTRATIVE
    "death_full": [0.023, 0.023, 0.023, 0.006, 0.012],
    "death_other": 0.001,
    "qaly_episode": 0.04,
    "qaly_death": 6.0,
    "qaly_value": 40_000,
    "gap_days": 4,
    "urgent_weight": 4,
    "early_admin": 6,
    "uracil_cost": 40,
    "uracil_finds": 0.6,
    "uracil_rr": 1.9,
    "uracil_death": 0.005,
}
DOSSIER = {  # what the dossier says, or lets you believe
    "ancestry_known": False,
    "freq": None,
    "other_low": 5,
    "rr_25": [1.31, 1.31, 1.0, 1.0, 1.0],
    "tested_recommend": 0.92,
    "tested_mandate": 0.99,
    "not_raised": 0.0,
    "not_raised_if_called": 0.0,
    "call_cost": 150,
    "mandate_cost": 60_000,
    "loss_not_raised": 0.0,
    "loss_per_day": 0.0,
    "urgent": 0.0,
    "first_cycle": 0.35,
    "kit_days": {"A": 3, "B": 3, "C": 3},
    "kit_cost": 62,
    "central_days": 8,
    "central_cost": 60,
    "prep_cost": 20_000,
    "fifth_cost": 8_000,
    "copy_lawful": True,
    "uracil_false": 0.0,
    "episode_cost": 9_500,
    "cap": None,
    "early_share": 0.15,
    "early_visit": 80,
    "accept": 1.0,
}


def stored(name):
    """What lies in a file of this folder."""
    return json.loads((HERE / name).read_text("utf-8"))


def facts(roles=()):
    """The dossier, corrected by what these roles know. A role whose file is not here stays silent."""
    known = {**COMMON, **DOSSIER}
    for role in roles:
        if not (HERE / f"facts-{role}.json").is_file():
            raise FileNotFoundError(f"What the {role} knows is not in this folder: ask them.")
        known.update(stored(f"facts-{role}.json"))
    return known


def ask(*cards):
    """For somebody alone: what these question cards answer; at most eight of the eighteen."""
    if len(set(cards)) > CARDS:
        raise ValueError(f"You have {CARDS} cards; put one back.")
    told = {}
    for card in stored("question-cards.json"):
        if card["id"] in cards:
            print(f"{card['id']} {card['role']}: {card['answer']}")
            told.update(card["facts"])
    return told


def opened():
    """The commitments of this team; before a team has opened, those that the authors wrote."""
    if (HERE / "opened.json").is_file():
        return [
            {"written_by": row["written_by"], **row["commitment"]} for row in stored("opened.json")
        ]
    rows = stored("recorded-commitments.json")["commitments"]
    return [{"written_by": "the authors, not a real person", **row} for row in rows]


def seal(commitment):
    """Twelve characters to post before the talk; no other text fits them later."""
    text = json.dumps(commitment, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def missing(form, schema):
    """What is still wrong with a form, one line for each fault."""
    import jsonschema

    check = jsonschema.Draft202012Validator(stored(schema))
    return [
        f"{'.'.join(map(str, fault.absolute_path)) or 'form'}: {fault.message[:90]}"
        for fault in sorted(check.iter_errors(form), key=str)
    ]


def options():
    """Every decision on the table: rule, variants, where, dose, timing. A kit reads four."""
    tests = [("CE kit", "4"), ("CE kit", "4+uracil")]
    tests += list(product(["in-house A", "in-house copied"], ["4", "5", "4+uracil", "5+uracil"]))
    found = [("none", "-", "-", "-", "-")]
    for rule, (where, panel), dose, timing in product(
        ["recommend", "mandate"], tests, ["-25", "-50", "-50 and raise"], ["wait", "start", "early"]
    ):
        found.append((rule, panel, where, dose, timing))
    return found


def people_with_variant(f):
    """Per group, people with each variant (two chances each)."""
    found = {}
    for group, n in PATIENTS.items():
        shares = [*EUROPEAN[:4], 0.0]  # the dossier: one population, four variants
        if f["ancestry_known"]:
            shares = f["freq"][group]
        found[group] = [2 * share * n for share in shares]
    return found


def evaluate(option, f):
    """What one year of a decision brings, compared with testing nobody."""
    rule, panel, where, dose, timing = option
    names = ["tested", "changed", "episodes", "deaths", "days", "qaly", "service", "cost"]
    if rule == "none":
        return dict.fromkeys(names, 0.0)
    # 1 who is tested, where, when
    tested = sum(PATIENTS.values()) * f["tested_" + rule] * f["accept"]
    reach = tested / sum(PATIENTS.values())
    days = {
        "CE kit": f["kit_days"],
        "in-house A": dict.fromkeys(SHARE, f["central_days"]),
        "in-house copied": dict.fromkeys(SHARE, 3),
    }[where]
    price = {
        "CE kit": f["kit_cost"],
        "in-house A": f["central_cost"],
        "in-house copied": 0.85 * f["central_cost"],
    }[where]
    in_time = 1 - f["first_cycle"] if timing == "start" else 1.0
    # 2 what the changed dose prevents
    after = f["rr_25"] if dose == "-25" else f["rr_50"]
    changed = episodes = deaths = 0.0
    for people in people_with_variant(f).values():
        for i, n in enumerate(people):
            if i == 4 and panel[0] != "5":
                continue  # nobody looks for it
            drop = f["rr_full"][i] - after[i]
            kept = 1.0 if i < 2 else drop / (f["rr_full"][i] - 1)
            changed += n * reach
            episodes += n * reach * in_time * BASE * drop
            deaths += n * reach * in_time * kept * (f["death_full"][i] - f["death_other"])
    if panel.endswith("uracil"):
        extra = f["other_low"] * reach * f["uracil_finds"]
        episodes += extra * in_time * BASE * (f["uracil_rr"] - 1)
        deaths += extra * in_time * f["uracil_death"]
        changed += extra + f["uracil_false"] * tested
    # 3 what it costs in treatment: doses never raised again, days waited
    stuck = f["not_raised"]
    if dose == "-50 and raise":
        stuck = min(stuck, f["not_raised_if_called"])
    if dose == "-25":
        stuck = stuck / 2
    waiting = {"wait": 1.0, "start": 0.0, "early": 1 - f["early_share"]}[timing]
    waited = 0.0
    for site, part in SHARE.items():
        late = max(0, days[site] - f["gap_days"])
        waited += tested * part * waiting * (1 - f["urgent"]) * late
        if timing == "wait":
            waited += tested * part * f["urgent"] * f["urgent_weight"] * days[site]
    qaly = episodes * f["qaly_episode"] + deaths * f["qaly_death"]
    qaly -= changed * stuck * f["loss_not_raised"] + waited * f["loss_per_day"]
    # 4 what it costs in money
    service = tested * price + (f["mandate_cost"] if rule == "mandate" else 0)
    service += 0 if where == "CE kit" else f["prep_cost"]
    service += f["fifth_cost"] if panel[0] == "5" else 0
    service += tested * f["uracil_cost"] if panel.endswith("uracil") else 0
    service += changed * f["call_cost"] if dose == "-50 and raise" else 0
    service += tested * (f["early_admin"] + f["early_visit"]) if timing == "early" else 0
    cost = service - episodes * f["episode_cost"]
    return dict(
        zip(names, [tested, changed, episodes, deaths, waited, qaly, service, cost], strict=True)
    )


def net_benefit(option, f):
    """Euros a year against testing nobody: healthy years at their value, less the net cost."""
    result = evaluate(option, f)
    return f["qaly_value"] * result["qaly"] - result["cost"]


def allowed(option, f):
    """Lawful and within the ring-fenced budget, as far as the people present know."""
    if option[2] == "in-house copied" and not f["copy_lawful"]:
        return False
    return f["cap"] is None or evaluate(option, f)["service"] <= f["cap"]


def ranked(f):
    """All allowed decisions, the best first."""
    return sorted(
        (o for o in options() if allowed(o, f)), key=lambda o: net_benefit(o, f), reverse=True
    )
