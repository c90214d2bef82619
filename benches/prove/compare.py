#!/usr/bin/env python3
"""Holds the prover against what is known of generated stories, against SPIN and against stateright,
and writes benches/prove/results.md. Called by benches/prove/run:

    compare.py PETROGRAD STATERIGHT FOLDER

Times are of whole processes by the clock, the best of five rounds in which all take turns; memory is
the most a process held.
"""

import json
import os
import platform
import re
import subprocess
import sys
import time

ROUNDS = 5
HERE = os.path.dirname(os.path.abspath(__file__))
GENERATOR = [sys.executable, os.path.join(HERE, "explore_gen.py")]


def measure(*command):
    """Runs a command: what it printed, seconds, and the most memory it held in bytes."""
    began = time.perf_counter()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    out = child.stdout.read()
    _, _, usage = os.wait4(child.pid, 0)
    return out, time.perf_counter() - began, usage.ru_maxrss * 1024


class Bench:
    def __init__(self, petrograd, stateright, folder):
        self.petrograd, self.stateright, self.folder = os.path.abspath(petrograd), os.path.abspath(stateright), folder
        self.rows, self.short = [], []

    def row(self, what, figure, bar, met):
        self.rows.append((what, figure, bar, "yes" if met else "NO"))
        if not met:
            self.short.append(what)
        print(what, figure, bar, "yes" if met else "NO", sep=" | ", flush=True)

    def story(self, known):
        """The files of a story: as the generator has it, in our format, and that without its laws."""
        name = "-".join([known["size"], str(known["seed"]), *known["set"]]).replace("=", "")
        made, ours, lawless = (os.path.join(self.folder, name + end) for end in (".json", ".toml", "-lawless.toml"))
        if not os.path.exists(lawless):
            sets = [word for pair in known["set"] for word in ("--set", pair)]
            subprocess.run([*GENERATOR, "make", "--size", known["size"], "--seed", str(known["seed"]), *sets, "-o", made], check=True)
            subprocess.run([*GENERATOR, "toml", made, "-o", ours], check=True)
            with open(ours) as file, open(lawless, "w") as to:
                to.write(file.read().split("[[law]]")[0])
        return made, ours, lawless

    def prove(self, *words):
        out, seconds, memory = measure(self.petrograd, "prove", "--json", *words)
        return json.loads(out), seconds, memory

    def check(self, known):
        """What is wrong in what is found of a story, in words."""
        _, ours, _ = self.story(known)
        wrong = []
        if "all" in known:
            found, _, _ = self.prove(ours, "--no-reduction", "--no-odds")
            if (found["states"], found["transitions"]) != (known["all"]["states"], known["all"]["transitions"]):
                wrong.append("%d states" % found["states"])
        found, _, _ = self.prove(ours)
        for ending, odds in known["odds"].items():
            mine = found["odds"]["endings"].get(ending)
            pairs = (("min", "least"), ("random", "random"), ("max", "greatest"))
            if mine is None or any(abs(odds[theirs] - mine[here]) > 1e-9 for theirs, here in pairs):
                wrong.append("odds of %s" % ending)
        if "first_dead_end" in known:
            first = min((len(end["trace"]) for end in found["dead_ends"]), default=None)
            if (first, len(found["dead_ends"])) != (known["first_dead_end"], known["dead_end_scenes"]):
                wrong.append("dead ends")
            unreached = found["unreachable"]
            if (len(unreached["scenes"]), len(unreached["choices"])) != (len(known["unreached_scenes"]), known["unreached_choices"]):
                wrong.append("what no play reaches")
        for law, depth in known.get("hits", {}).items():
            for mine in found["laws"]:
                if mine["id"] == law and depth is not None and len(mine["trace"] or []) != depth:
                    wrong.append("the shortest play that breaks %s" % law)
        return wrong

    def reference(self, stories):
        wrong = ["%s %d %s: %s" % (known["size"], known["seed"], known["set"], ", ".join(found))
                 for known in stories for found in [self.check(known)] if found]
        self.row("%d stories: counts, odds to 1e-9, dead ends, what is unreached, shortest plays" % len(stories),
                 "; ".join(wrong) or "all as known", "as known", not wrong)

    def peers(self, known):
        made, _, lawless = self.story(known)
        model, work = os.path.abspath(os.path.join(self.folder, "medium.pml")), os.path.join(self.folder, "spin")
        os.makedirs(work, exist_ok=True)
        subprocess.run([*GENERATOR, "promela", made, "-o", model], check=True)
        subprocess.run(["spin", "-o2", "-a", model], cwd=work, check=True)
        subprocess.run(["cc", "-O2", "-DSAFETY", "-DNOREDUCE", "-o", "pan", "pan.c"], cwd=work, check=True)
        best = {}
        counts = {}
        for _ in range(ROUNDS):
            out, seconds, memory = measure(os.path.join(os.path.abspath(work), "pan"), "-m100000", "-w26")
            # SPIN counts a few states of its own beside ours.
            counts["SPIN"] = int(re.search(r"(\d+) states, stored", out).group(1))
            best["SPIN"] = min(best.get("SPIN", (9e9, 0)), (seconds, memory))
            # SPIN and the prover go through one story on one thread; so it does, and on two as well.
            for name, threads in (("stateright", 1), ("stateright on two threads", 2)):
                out, seconds, memory = measure(self.stateright, made, "bfs", threads)
                counts[name] = int(re.search(r"unique=(\d+)", out).group(1))
                best[name] = min(best.get(name, (9e9, 0)), (seconds, memory))
            found, seconds, memory = self.prove(lawless, "--no-reduction", "--no-odds")
            counts["petrograd"] = found["states"]
            best["petrograd"] = min(best.get("petrograd", (9e9, 0)), (seconds, memory))
        rate = {name: counts[name] / best[name][0] for name in best}
        size = {name: best[name][1] / counts[name] for name in best}
        for name in ("SPIN", "stateright", "stateright on two threads", "petrograd"):
            print("%s: %d states, %.2f s, %.1f million a second, %.1f bytes a state" % (
                name, counts[name], best[name][0], rate[name] / 1e6, size[name]), flush=True)
        own = counts["petrograd"]
        self.row("medium, nothing left out: states", "%d; SPIN %d, stateright %d" % (own, counts["SPIN"], counts["stateright"]),
                 "20,723,293", own == counts["stateright"] == known["all"]["states"] and abs(counts["SPIN"] - own) <= 2)
        for name, bar in (("SPIN", 6), ("stateright", 20), ("stateright on two threads", None)):
            times = rate["petrograd"] / rate[name]
            self.row("states a second beside %s" % name, "%.1f x (%.1f against %.2f million)" % (
                times, rate["petrograd"] / 1e6, rate[name] / 1e6), "%d x" % bar if bar else "none", not bar or times >= bar)
        self.row("bytes a state, the whole process", "%.1f; SPIN %.1f, stateright %.1f" % (
            size["petrograd"], size["SPIN"], size["stateright"]), "40", size["petrograd"] <= 40)

    def timed(self, what, words, seconds, mebibytes=None):
        tried = [self.prove(*words) for _ in range(ROUNDS)]
        best = min(took for _, took, _ in tried)
        held = min(memory for _, _, memory in tried) / 2**20
        bar = "%g s" % seconds + (", %d MiB" % mebibytes if mebibytes else "")
        self.row(what, "%.3f s, %d MiB, %d states" % (best, held, tried[0][0]["states"]), bar,
                 best < seconds and (mebibytes is None or held < mebibytes))

    def write(self):
        with open(os.path.join(HERE, "results.md"), "w") as file:
            file.write("# What the prover found and took\n\n")
            file.write("%s, %d processors; best of %d rounds in one run of `bash benches/prove/run`.\n\n" % (
                platform.machine(), os.cpu_count(), ROUNDS))
            file.write("| what | figure | bar | met |\n| --- | --- | --- | --- |\n")
            for row in self.rows:
                file.write("| %s |\n" % " | ".join(row))


def main():
    bench = Bench(*sys.argv[1:])
    with open(os.path.join(HERE, "explore_expected.json")) as file:
        stories = json.load(file)["stories"]
    sizes = {known["size"]: known for known in stories if not known["set"] and known["seed"] == 1}
    bench.reference([known for known in stories if known["size"] != "xlarge"])
    bench.peers(sizes["medium"])
    bench.timed("medium, laws and odds", [bench.story(sizes["medium"])[1]], 0.1)
    bench.timed("large, odds", [bench.story(sizes["large"])[2]], 1.5, 600)
    bench.timed("large, laws and odds", [bench.story(sizes["large"])[1]], 10)
    bench.timed("xlarge, explored", [bench.story(sizes["xlarge"])[2], "--no-odds"], 4, 300)
    bench.timed("the bundled story, every role", [], 30)
    bench.write()
    if bench.short:
        print("short of the bar: " + "; ".join(bench.short), file=sys.stderr)
        sys.exit(1)


main()
