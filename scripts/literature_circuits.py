"""How scripts/literature.py trains each circuit of models/literature, and what is left of it for the exact gradient.

A circuit without its rules keeps the cells, phases, synapses, first strengths and task that its loss depends on; what
only its rules read (feedback, partners, errors) is left out, since nothing may be there without an effect.
"""
import copy
import dataclasses


@dataclasses.dataclass
class Circuit:
    rate: float                # of the exact gradient; searched on seed 9 (no seed of the table) where docs/literature/README.md says so
    steps: int = 0             # of the run; the model's own when 0
    exact_steps: int = 0       # of the run with the exact gradient where that is shorter: trials gone back through
    seeds: int = 10
    window: object = 1         # steps that the gradient goes back
    deepest: str = "W1"        # the set whose alignment stands in the table: the one furthest from the loss
    measured: int = 0          # steps of the run that measures alignment; a tenth of the run's when 0
    differences: bool = False  # alignment by the changes of an epoch, for rules that [diagnose] does not follow
    epoch: int = 80            # its steps, or those of a trial where these are more
    claims: bool = False       # the paper claims the error of backprop
    optimiser: str = ""
    every: int = 1             # steps from one recorded answer to the next
    period: int = 0            # answers are judged in steps with this period,
    judged: tuple = (0, 0)     # from this step of it, counted from 0, to before that one
    shown: int = 80            # steps of the evaluation, of circuits without trials
    frozen: dict = dataclasses.field(default_factory=dict)  # what an evaluation sets: no teacher, no perturbation
    drop: dict = dataclasses.field(default_factory=dict)


APICAL = {"population": ["error", "delta1", "delta2"], "gate": ["perisomatic", "disinhibition"], "dynamics": ["slope_1", "slope_2"],
          "synapses": ["B", "B1", "B2", "B3"], "wire": ["r1", "r2", "d1", "d2"]}
INTER = {"population": ["lower_inter", "upper_inter"], "teach": ["target", "lower_partner", "upper_partner"],
         "synapses": ["IP_1", "IP_2", "b_I_1", "b_I_2", "D_1", "D_2", "PI_1", "PI_2"]}
BURST = {"population": ["lesson"], "dynamics": ["h1", "out"], "wire": ["target", "lesson"], "synapses": ["Y1", "Q1", "taught1", "taught"]}
EPROP = {"population": ["error"], "wire": ["output", "answer", "target", "taught", "given"], "synapses": ["B"]}

CIRCUITS = {
    "dendritic_microcircuit": Circuit(0.3, deepest="W_1", differences=True, frozen={"teach.target.strength": 0.0}, drop=INTER),
    "dendritic_microcircuit_steady": Circuit(0.3, deepest="W_1", claims=True, drop=INTER),
    "supervised_predictive_coding": Circuit(0.05, claims=True),
    "prospective_configuration": Circuit(0.05, claims=True),
    "equilibrium_propagation_discrete": Circuit(0.03, claims=True),
    "equilibrium_propagation_symmetric": Circuit(0.03, claims=True),
    "equilibrium_propagation_energy": Circuit(0.1, claims=True),
    "contrastive_hebbian": Circuit(0.03),
    "feedback_alignment_partners": Circuit(0.05, claims=True, drop=APICAL),
    "feedback_alignment_emitted": Circuit(0.05, claims=True, drop=APICAL),
    "direct_feedback_alignment": Circuit(0.05, claims=True, drop=APICAL),
    "backprop": Circuit(0.05, claims=True, drop=APICAL),
    "segregated_dendrites": Circuit(0.1, drop={"synapses": ["Y1", "Y2"]}),
    "deep_feedback_control": Circuit(0.05, claims=True, differences=True),
    "burstprop": Circuit(1.0, 110_000, window=10, every=5, period=55, judged=(45, 50), shown=880, drop=BURST),
    "burstccn": Circuit(1.0, 110_000, window=10, every=5, period=55, judged=(45, 50), shown=880, drop=BURST),
    "eprop_rate": Circuit(1e-2, window=10, deepest="W_rec", shown=10_000, drop=EPROP),
    "eprop_lif": Circuit(2e-3, exact_steps=100_000, seeds=3, differences=True, optimiser="adam", window="trial", deepest="W_rec", measured=5_000, drop=EPROP),
    "eprop_alif": Circuit(5e-3, exact_steps=225_000, seeds=3, differences=True, window="trial", deepest="W_rec", measured=22_500, optimiser="adam", drop=EPROP | {"wire": ["answer", "target", "taught"]}),
    "rflo_sine": Circuit(3e-4, window="trial", deepest="W_rec", claims=True, drop={"population": ["error"], "synapses": ["B"]}),
    "reward_modulated_hebb": Circuit(1e-3, exact_steps=40_400, seeds=3, differences=True, epoch=20_200, window="trial", deepest="J", every=20, period=101, judged=(81, 101), measured=20_200, frozen={"noise.perturbation.half_width": 0.0},
                                     drop={"population": ["miss", "kind"], "wire": ["given", "wanted", "type"], "synapses": ["errors"]}),
}


def learning_sets(model):
    """What the rules change on the way from the input to the loss."""
    sets = [name for rule in model["plasticity"].values() for name in rule["synapses"]]
    return [name for name in sets if not name.startswith(("IP_", "PI_", "b_I_", "errors"))]


def without_rules(model, circuit, rate, sets):
    """The circuit as the exact gradient trains it."""
    exact = copy.deepcopy(model)
    for table, names in circuit.drop.items():
        for name in names:
            exact.get(table, {}).pop(name, None)
        if not exact.get(table, True):
            exact.pop(table)
    if circuit.drop:
        needless_dendrites(exact)
    exact.pop("rule", None)
    rule = {"rule": "gradient", "synapses": sets, "rate": rate, "window": circuit.window}
    if circuit.optimiser:
        rule["optimiser"] = {"kind": circuit.optimiser}
    exact["plasticity"] = {"exact": rule}
    exact.get("trial", {}).pop("keep", None)
    if isinstance(circuit.window, int) and circuit.window > 1:
        rule["losses"] = "all"
    return exact


def needless_dendrites(model):
    """Compartments that nothing reaches any more go; what they leaked stays a leak."""
    reached = {one["to"] for table in ("synapses", "wire") for one in model.get(table, {}).values() if "to" in one}
    reached |= {way["to"] for one in model["synapses"].values() if isinstance(way := one.get("back"), dict)}
    for one in model["synapses"].values():
        if one.get("back", {}).get("to", "").endswith(".apical"):
            reached.discard(one.pop("back")["to"])
    for name, cells in model["population"].items():
        for dendrite in cells.get("dendrites", []):
            if f"{name}.{dendrite}" in reached:
                continue
            share = cells.get("coupling", {}).pop(dendrite, 0.0)
            if cells.get("coupling", {}).get("solver") == "euler":
                cells["coupling"]["leak"] += share
            cells["dendrites"] = [other for other in cells["dendrites"] if other != dendrite]
            cells.pop("transient", None)
        cells.pop("bursts", None)
        if not cells.get("dendrites", True):
            cells.pop("dendrites")


def named_apart(model):
    """[diagnose] wants no rule with the name of a set."""
    apart = copy.deepcopy(model)
    if set(apart["plasticity"]) & set(apart["synapses"]):
        apart["plasticity"] = {"learns_" + name: rule for name, rule in apart["plasticity"].items()}
    return apart


def text_of(value):
    """A value as TOML, tables within it in one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(key)} = {text_of(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(text_of(one) for one in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return repr(value)


def quoted(key):
    return key if key.replace("_", "").replace("-", "").isalnum() else f'"{key}"'


def written(model, path):
    with open(path, "w", encoding="utf-8") as file:
        for key, value in model.items():
            file.write(f"{quoted(key)} = {text_of(value)}\n")
