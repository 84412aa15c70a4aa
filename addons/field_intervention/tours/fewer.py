import time
from dataclasses import replace

from .problem import Plan

FIRST, FEWER = 0.2, 0.6  # parts of the time: for a first plan, to do with fewer shifts
ATTEMPT = 0.2  # part of the time that one attempt to do with one shift less may take


def plan_with_few_shifts(problem, seconds, search):
    """Find tours that use as few shifts as possible, then with little travel.

    What a shift costs hides the ways from a search. So it is asked, one shift after the other,
    whether the others can do its jobs too, and then for short ways with the shifts that are left.

    :param problem: a ``Problem`` whose shifts cost something
    :param seconds: how long to search
    :param search: function of a problem, seconds, the plan to start from, and the cost that is
        good enough; it returns a ``Plan``, or None
    :return: a ``Plan``; None when what must be placed cannot be
    """
    begin = time.monotonic()
    plan = search(problem, seconds * FIRST)
    failed = 0
    while plan and failed < len(plan.tours):
        left = begin + seconds * (FIRST + FEWER) - time.monotonic()
        if left <= 0:
            break
        fewer = _plan_without(problem, plan, failed, min(left, seconds * ATTEMPT), search)
        plan, failed = (fewer, 0) if fewer else (plan, failed + 1)
    if not plan:
        return None
    last = replace(problem, shifts=_get_used(problem, plan), fixed_cost=0)
    left = begin + seconds - time.monotonic()
    return (left > 0 and search(last, left, plan)) or plan


def _get_used(problem, plan):
    return tuple(shift for shift in problem.shifts if shift.key in plan.tours)


def _plan_without(problem, plan, number, seconds, search):
    """Return a plan that does without one of the shifts, the one with the fewest jobs for 0."""
    given_up = sorted(plan.tours, key=lambda key: len(plan.tours[key]))[number]
    tours = {key: stops for key, stops in plan.tours.items() if key != given_up}
    dropped = sum(map(max, problem.travel))  # dearer than any way
    jobs = tuple(
        replace(job, weight=dropped) if job.weight is None else job for job in problem.jobs
    )
    shifts = tuple(shift for shift in _get_used(problem, plan) if shift.key != given_up)
    asked = replace(problem, jobs=jobs, shifts=shifts, fixed_cost=0)
    found = search(asked, seconds, Plan(tours), dropped)
    must = {job.key for job in problem.jobs if job.weight is None}
    return found if found and must.isdisjoint(found.unplaced) else None
