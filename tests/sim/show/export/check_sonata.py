# Holds an exported folder against the rules of the SONATA format, as libsonata and BMTK read it,
# and its numbers against the run file. Knows nothing of our writer.
import csv, json, os, re, sys
import h5py, numpy as np

folder, run_path = sys.argv[1:3]
run = h5py.File(run_path, "r", swmr=True)


def load(name):
    with open(os.path.join(folder, name)) as file:
        return json.load(file)


def resolved(value, manifest):
    while "$" in value:
        for name, meaning in manifest.items():
            value = value.replace(name, meaning)
    return os.path.normpath(os.path.join(folder, value))


def open_sonata(path):
    file = h5py.File(path, "r")
    magic, version = file.attrs["magic"], file.attrs["version"]
    assert magic.dtype == np.uint32 and magic == 0x0A7A
    assert version.dtype == np.uint32 and version.tolist() == [0, 1]
    return file


circuit, simulation = load("circuit_config.json"), load("simulation_config.json")
manifest = circuit["manifest"] | simulation["manifest"]
assert resolved(simulation["network"], manifest) == os.path.join(folder, "circuit_config.json")
sets = load(os.path.basename(resolved(simulation["node_sets_file"], manifest)))

# nodes
[nodes] = circuit["networks"]["nodes"]
nodes_file = open_sonata(resolved(nodes["nodes_file"], manifest))
with open(resolved(nodes["node_types_file"], manifest)) as file:
    types = list(csv.DictReader(file, delimiter=" "))
assert len({row["node_type_id"] for row in types}) == len(types)
sizes = {}
assert list(nodes_file) == ["nodes"]
assert set(nodes_file["nodes"]) == set(nodes["populations"]) == set(sets)
for name, group in nodes_file["nodes"].items():
    n = sizes[name] = len(group["node_type_id"])
    assert group["node_id"][:].tolist() == list(range(n))
    assert group["node_group_index"][:].tolist() == list(range(n))
    assert (group["node_group_id"][:] == 0).all() and isinstance(group["0"], h5py.Group)
    [row] = [row for row in types if row["pop_name"] == name]
    assert (group["node_type_id"][:] == int(row["node_type_id"])).all()
    assert row["model_type"] == nodes["populations"][name]["type"] in ("virtual", "point_neuron")
    assert sets[name] == {"population": name}
    rates = run.get(f"state/{name}/rate")
    assert rates is None or rates.shape[-1] == n

# edges
[edges] = circuit["networks"]["edges"]
edges_file = open_sonata(resolved(edges["edges_file"], manifest))
with open(resolved(edges["edge_types_file"], manifest)) as file:
    edge_types = list(csv.DictReader(file, delimiter=" "))
assert set(edges_file["edges"]) == set(edges["populations"])
for name, group in edges_file["edges"].items():
    source, target = group["source_node_id"], group["target_node_id"]
    pre, post = (one.attrs["node_population"] for one in (source, target))
    # A set stored by rows has an edge for each synapse, in the order of the file.
    of_synapses = run.get(f"synapses/{name}/synapse") and run[f"synapses/{name}/post"]
    count = sizes[pre] * sizes[post] if of_synapses is None else len(of_synapses)
    if of_synapses is not None:
        assert target[:].tolist() == of_synapses[:].tolist()
        assert source[:].tolist() == run[f"synapses/{name}/pre"][:].tolist()
    pairs = set(zip(source[:].tolist(), target[:].tolist()))
    assert len(source) == len(target) == len(pairs) == count
    assert source[:].max() < sizes[pre] and target[:].max() < sizes[post]
    [row] = [row for row in edge_types if row["pop_name"] == name]
    assert (row["source"], row["target"]) == (pre, post)
    assert (group["edge_type_id"][:] == int(row["edge_type_id"])).all()
    assert (group["edge_group_id"][:] == 0).all()
    assert group["edge_group_index"][:].tolist() == list(range(count))
    for index, ends, size in (
        ("source_to_target", source, sizes[pre]),
        ("target_to_source", target, sizes[post]),
    ):
        of_node = group[f"indices/{index}/node_id_to_ranges"][:]
        # The specification's name; BMTK and pysonata read the other.
        other = group[f"indices/{index}"].get("node_id_to_range", getlink=True)
        assert isinstance(other, h5py.HardLink)
        assert group[f"indices/{index}/node_id_to_range"] == group[f"indices/{index}/node_id_to_ranges"]
        of_edge = group[f"indices/{index}/range_to_edge_id"][:]
        assert of_node.shape == (size, 2)
        for node, (first, last) in enumerate(of_node):
            found = [e for begin, end in of_edge[first:last] for e in range(begin, end)]
            assert found == np.flatnonzero(ends[:] == node).tolist()
    strength = run.get(f"synapses/{name}/strength")
    if strength is not None and "syn_weight" in group["0"]:
        weight = group["0/syn_weight"]
        steps = strength.dims[0]["step"][:]
        row = strength[np.flatnonzero(steps == weight.attrs["step"])[0]]
        assert weight.dtype == np.float32
        wanted = row[target[:], source[:]] if of_synapses is None else row
        assert (weight[:] == wanted.astype(np.float32)).all()

# reports
output = resolved(simulation["output"]["output_dir"], manifest)
written = {name for name in os.listdir(output)}
spikes_name = simulation["output"].get("spikes_file")
names = {one["file_name"] for one in simulation["reports"].values()}
assert written == names | ({spikes_name} if spikes_name else set())
datasets = {}


def collect(name, one):
    if isinstance(one, h5py.Dataset) and "address" in one.attrs:
        datasets[one.attrs["address"]] = one


run.visititems(collect)
phases = [name.decode() for name in run["axes/phase"][:]]
step_ms = simulation["run"]["dt"]
for name, config in simulation["reports"].items():
    file = open_sonata(os.path.join(output, config["file_name"]))
    assert list(file) == ["report"] and list(file["report"]) == [config["cells"]]
    group = file["report"][config["cells"]]
    data, mapping = group["data"], group["mapping"]
    assert set(group) == {"data", "mapping"}
    assert data.dtype == np.dtype("<f4")
    original = datasets[file.attrs["address"]]
    # Checks what libsonata does (src/config.cpp), with the name still that of the quantity.
    assert re.fullmatch(r"\w+(\.\w+)?", config["variable_name"], re.ASCII)
    words = [word for word in re.split(r"\W+", file.attrs["address"]) if word]
    assert re.sub(r"\W", "_", config["variable_name"]) == "_".join(words)
    assert data.attrs["units"] == original.attrs["units"] == config["unit"]

    ids, pointers = mapping["node_ids"], mapping["index_pointers"]
    assert ids.dtype == pointers.dtype == np.uint64
    assert ids[:].tolist() == list(range(sizes[config["cells"]]))
    assert ids.attrs["sorted"] == 1 and ids.attrs["sorted"].dtype == np.uint8
    assert len(pointers) == len(ids) + 1
    assert pointers[0] == 0 and pointers[-1] == data.shape[1]
    assert (np.diff(pointers[:].astype(int)) > 0).all()
    hard = mapping.get("index_pointer", getlink=True)
    assert isinstance(hard, h5py.HardLink) and mapping["index_pointer"] == pointers
    assert mapping["element_ids"].dtype == np.uint32
    assert len(mapping["element_ids"]) == len(mapping["element_pos"]) == data.shape[1]
    assert mapping["element_pos"].dtype == np.float32

    time = mapping["time"]
    start, stop, dt = time[:]
    assert time.dtype == np.float64 and time.attrs["units"] == "step"
    assert start == int(start) and dt == int(dt) >= 1 and stop == start + len(data) * dt
    frames, t = [], start
    while t < stop - 1e-6:  # as libsonata counts
        frames.append(t)
        t += dt
    assert len(frames) == len(data) > 0

    # the numbers, at the steps that the report says
    steps = original.dims[0]["step"][:]
    rows = np.searchsorted(steps, frames)
    assert steps[rows].tolist() == frames
    phase = file.attrs["phase"]
    numbers = original[:][rows]
    if phase:
        assert original.dims[1].label == "phase" and name.endswith("." + phase)
        numbers = numbers[:, phases.index(phase)]
    else:
        assert original.dims[1].label != "phase"
    assert (data[:] == numbers.reshape(len(rows), -1).astype(np.float32)).all()
    if config["type"] == "synapse":
        assert mapping["element_ids"][:].tolist() == list(range(data.shape[1]))

    # in the configuration times are in ms
    axis = original.dims[0]["step"].name.removesuffix("/step")
    times = run[axis + "/time_ms"][:][rows] if axis + "/time_ms" in run else None
    if times is not None:
        at = times[0, phases.index(phase) if phase else -1]
        assert abs(config["start_time"] - at) < 1e-9 * max(1, at)
    assert config["dt"] == dt * step_ms
    assert config["end_time"] == config["start_time"] + len(data) * config["dt"]
    assert config["end_time"] <= simulation["run"]["tstop"] + config["dt"] + 1e-9

# spikes, as libsonata reads them (its enumeration by name) and BMTK (no population without any)
if spikes_name:
    assert simulation["output"]["spikes_sort_order"] == "by_time"
    spikes_of_all = open_sonata(os.path.join(output, spikes_name))
    assert list(spikes_of_all) == ["spikes"] and set(spikes_of_all["spikes"]) <= set(sizes)
    for name, group in spikes_of_all["spikes"].items():
        assert set(group) == {"timestamps", "node_ids"}
        sorting = group.attrs.get_id("sorting")
        words = h5py.check_enum_dtype(sorting.dtype)
        assert words == {"none": 0, "by_id": 1, "by_time": 2}
        assert group.attrs["sorting"] == words["by_time"] and sorting.shape == ()
        times, ids = group["timestamps"], group["node_ids"]
        assert times.dtype == np.float64 and ids.dtype == np.uint64
        assert times.attrs["units"] == "ms"
        assert len(times) == len(ids) > 0 and (np.diff(times[:]) >= 0).all()
        assert ids[:].max() < sizes[name]
        # a stretch of what the run recorded
        original = run[f"spikes/{name}"]
        pairs = list(zip(original["timestamps"][:].tolist(), original["node_ids"][:].tolist()))
        found = list(zip(times[:].tolist(), ids[:].tolist()))
        at = pairs.index(found[0])
        assert pairs[at : at + len(found)] == found
        assert times[-1] <= simulation["run"]["tstop"] + 1e-9

print(len(simulation["reports"]), len(sizes), len(edges_file["edges"]))
