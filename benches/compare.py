#!/usr/bin/env python3
"""Runs the drivers, holds their figures against each other and against the bars, and writes
benches/results.md. Called by benches/run:

    compare.py SPEED PEER PETROGRAD STORIES

Every figure is the best of five rounds, the drivers taking turns, so that what else the machine
does meets all of them; times are processor time but for the first screen's.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
SIZES = (100, 1000, 10000)
# About so many choices in each measurement of ours; the peer takes fewer, for it takes longer.
CHOICES = 400_000
PEER_CHOICES = 20_000


def run(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


class Bench:
    def __init__(self, speed, peer, petrograd, stories):
        self.speed, self.peer, self.petrograd, self.stories = speed, peer, petrograd, stories
        self.rows, self.short = [], []

    def toml(self, size):
        return os.path.join(self.stories, str(size), "toml")

    def ink(self, size):
        return os.path.join(self.stories, str(size), "ink", "story.ink")

    def row(self, what, figure, bar, met):
        self.rows.append((what, figure, bar, "yes" if met else "NO"))
        if not met:
            self.short.append(what)

    def verify(self):
        """All three players play the same: as many choices, the same characters."""
        reference = [sys.executable, os.path.join(os.path.dirname(__file__), "play_gen.py"), "play", "--story",
                     os.path.join(self.stories, "1000", "story.json"), "--playthroughs", "20"]
        told = [run(self.speed, "verify", self.toml(1000), 20), run(self.peer, "verify", self.ink(1000), 20),
                run(*reference)]
        same = [{key: one[key] for key in ("choices", "nonspace", "sig")} for one in told]
        first = same[0]
        self.row("20 plays of 1,000 scenes, as the reference player and the peer play them",
                 "%d choices, %d characters, %s" % (first["choices"], first["nonspace"], first["sig"]),
                 "the same", same.count(first) == 3)

    def loading(self):
        for size in SIZES:
            ours = [run(self.speed, "load", self.toml(size)) for _ in range(ROUNDS)]
            peer = [run(self.peer, "load", self.ink(size)) for _ in range(ROUNDS if size < 10000 else 1)]
            best = min(one["seconds"] for one in ours)
            # Each run read the same files both ways: the ratio is of one run.
            ratio = min(one["seconds"] / one["toml"] for one in ours)
            theirs = min(one["seconds"] for one in peer)
            table = min(one["toml"] for one in ours)
            self.row("loading %s scenes from source, every check" % thousands(size),
                     "%.1f ms, %.2f × `toml::from_str` (bladeink: %.1f ms, %.1f ×)"
                     % (best * 1e3, ratio, theirs * 1e3, theirs / table), "3 ×", ratio <= 3)
            memory = ours[0]["live"] / ours[0]["bytes"]
            self.row("memory after loading %s scenes" % thousands(size), "%.2f × the files' %d kB"
                     % (memory, ours[0]["bytes"] // 1000), "3 ×", memory <= 3)

    def playing(self):
        best = {}
        theirs = 0.0
        for _ in range(ROUNDS):
            for size in SIZES:
                # A play takes a fifth as many choices as there are scenes, and a few.
                one = run(self.speed, "play", self.toml(size), CHOICES * 5 // size)
                best[size] = max(best.get(size, 0.0), one["choices"] / one["seconds"])
                if size == 1000:
                    peer = run(self.peer, "play", self.ink(size), PEER_CHOICES * 5 // size)
                    theirs = max(theirs, peer["choices"] / peer["seconds"])
        ratio = best[1000] / theirs
        self.row("random plays of 1,000 scenes, all text rendered", "%s choices/s, %.0f × bladeink's %s"
                 % (thousands(best[1000]), ratio, thousands(theirs)), "25 ×", ratio >= 25)
        cost = {size: 1e9 / rate for size, rate in best.items()}
        flat = max(cost.values()) / min(cost.values())
        self.row("cost of a choice at 100, 1,000, 10,000 scenes",
                 ", ".join("%.0f ns" % cost[size] for size in SIZES) + ": within %.1f ×" % flat, "4 ×", flat <= 4)

    def state(self):
        state = run(self.speed, "state")
        self.row("state of the bundled story (%d variables, %d events)" % (state["variables"], state["events"]),
                 "%d bytes, %d of them used" % (state["bytes"], state["used"]), "512 bytes", state["bytes"] <= 512)
        self.row("allocations in %d steps of the core" % state["steps"], str(state["allocations"]), "0",
                 state["allocations"] == 0)

    def first_screen(self):
        for shape in ("--plain", "--json"):
            times = [self.first_byte(shape) for _ in range(ROUNDS)]
            if None in times:
                self.row("first screen, `play %s`" % shape, "nothing came", "50 ms", False)
                continue
            best = min(times) * 1e3
            self.row("first screen of the bundled story, `play %s`, from exec" % shape, "%.1f ms" % best, "50 ms", best <= 50)

    def first_byte(self, shape):
        with tempfile.TemporaryDirectory() as folder:
            surroundings = dict(os.environ, XDG_DATA_HOME=folder, HOME=folder)
            begun = time.perf_counter()
            child = subprocess.Popen([os.path.abspath(self.petrograd), "play", shape], cwd=folder, env=surroundings,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            first = child.stdout.read(1)
            taken = time.perf_counter() - begun
            child.stdout.read()
            child.wait()
        return taken if first else None

    def table(self):
        lines = ["| what | measured | bar | met |", "| --- | --- | --- | --- |"]
        return "\n".join(lines + ["| %s | %s | %s | %s |" % row for row in self.rows])


def thousands(number):
    return "{:,.0f}".format(number)


def machine():
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as info:
            model = next(line.split(":", 1)[1].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    rust = subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    load = ", load %.1f" % os.getloadavg()[0] if hasattr(os, "getloadavg") else ""
    return "%s, %d processors%s; %s %s; %s" % (model, os.cpu_count(), load, platform.system(), platform.release(), rust)


def main():
    bench = Bench(*sys.argv[1:5])
    about = machine()
    for part in (bench.verify, bench.state, bench.loading, bench.playing, bench.first_screen):
        part()
    text = "# What it costs\n\nWritten by `bash benches/run` on %s.\n%s\n\n%s\n" % (
        time.strftime("%-d %B %Y"), about, bench.table())
    with open(os.path.join(os.path.dirname(__file__), "results.md"), "w") as file:
        file.write(text)
    print(text)
    if bench.short:
        sys.exit("short of the bar: " + "; ".join(bench.short))


if __name__ == "__main__":
    main()
