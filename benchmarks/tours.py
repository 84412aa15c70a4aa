"""Tours of 8 technicians with 60 jobs: the solver beside the nearest next job. No database is used.

The instances are made from fixed seeds; both plans are checked before they are compared."""

import argparse
import json
import sys
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "addons/field_intervention"))
from tours.problem import Job, Problem, Shift
from tours.travel import get_travel_minutes

from tours import nearest, solver

TECHNICIANS, JOBS, SEEDS, LIMIT = 8, 60, 5, 20
SKILLS = ("gas", "heat pump", "pool")


def make(seed):
    """A day of an agency: towns around a depot, windows, skills, deadlines, a break at noon."""
    dice = Random(seed)
    places = [(45.76, 4.83)]
    places += [(45.76 + dice.gauss(0, 0.1), 4.83 + dice.gauss(0, 0.14)) for _job in range(JOBS)]
    travel = [[get_travel_minutes(a, b, 50) for b in places] for a in places]
    jobs = []
    for node in range(1, JOBS + 1):
        earliest = dice.choice((0, 0, 0, 60, 300))
        urgent = dice.random() < 0.2
        jobs.append(
            Job(
                key=node,
                node=node,
                minutes=dice.choice((15, 30, 30, 45, 60)),
                earliest=earliest,
                latest=earliest + dice.choice((180, 300, 540)),
                skills=frozenset([dice.choice(SKILLS)] if dice.random() < 0.6 else []),
                due=dice.choice((240, 480)) if urgent else None,
                weight=1800 if urgent else 600,
            )
        )
    shifts = [
        Shift(
            key=f"T{number}",
            node=0,
            start=0,
            end=540,
            skills=frozenset(dice.sample(SKILLS, dice.choice((2, 2, 3)))),
            pauses=((240, 60),),
        )
        for number in range(TECHNICIANS)
    ]
    return Problem(tuple(jobs), tuple(shifts), travel)


def describe(problem, plan):
    return {
        "placed": len(problem.jobs) - len(plan.unplaced),
        "travel": plan.get_travel(problem),
        "late": plan.get_late(problem),
        "faults": len(plan.get_faults(problem)),
    }


parser = argparse.ArgumentParser(prog="tours.py", description=__doc__)
parser.add_argument("-d", "--database", help="not used")
parser.add_argument("-c", "--config", help="not used")
parser.add_argument("--seconds", type=float, default=10, help="how long to search")
args = parser.parse_args()
if not solver.is_available():
    sys.exit("OR-Tools is not installed: pip install ortools")

kept = True
for seed in range(SEEDS):
    problem = make(seed)
    by_hand = describe(problem, nearest.plan_nearest(problem))
    start = time.perf_counter()
    solved = describe(problem, solver.solve(problem, args.seconds))
    seconds = time.perf_counter() - start
    better = (
        (solved["placed"], -solved["travel"]) > (by_hand["placed"], -by_hand["travel"])
        and not solved["faults"]
        and seconds <= LIMIT
    )
    kept = kept and better
    print(
        json.dumps(
            {
                "benchmark": "tours",
                "case": f"{TECHNICIANS} technicians, {JOBS} jobs, seed {seed}",
                "nearest": by_hand,
                "solver": solved,
                "seconds": round(seconds, 1),
                "kept": better,
            }
        ),
        flush=True,
    )
sys.exit(not kept)
