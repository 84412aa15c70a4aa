"""Solve an instance of Solomon's VRPTW; print the tours, the vehicles and the distance."""

import argparse
import sys
from pathlib import Path

from . import nearest, solomon, solver


def main():
    parser = argparse.ArgumentParser(prog="python -m tours", description=__doc__)
    parser.add_argument("instance", type=Path, help="text in Solomon's format")
    parser.add_argument("--seconds", type=float, default=20, help="how long to search (20)")
    parser.add_argument("--baseline", action="store_true", help="always to the nearest next one")
    args = parser.parse_args()
    problem = solomon.read(args.instance.read_text())
    if not args.baseline and not solver.is_available():
        sys.exit("OR-Tools is not installed: pip install ortools")
    plan = nearest.plan_nearest(problem) if args.baseline else solver.solve(problem, args.seconds)
    if plan is None:
        sys.exit("No tours serve all customers.")
    lines = [
        *(f"route {k}: {' '.join(str(job) for job, _start in s)}" for k, s in plan.tours.items()),
        f"vehicles {len(plan.tours)}",
        f"distance {plan.get_travel(problem) / solomon.SCALE:.2f}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    if plan.unplaced:
        sys.exit(f"not served: {' '.join(map(str, plan.unplaced))}")


if __name__ == "__main__":
    main()
