from .problem import Plan


def plan_nearest(problem):
    """Plan as one does by hand: each shift goes on to the nearest job that it can still do.

    What must be placed goes first. This is the baseline that a solver has to beat.

    :param problem: a ``Problem``
    :return: a ``Plan``
    """
    waiting = {job.key: job for job in problem.jobs}
    plan = Plan()
    for shift in problem.shifts:
        clock, node, room = shift.start, shift.node, shift.capacity
        stops = []
        while True:
            found = [
                (problem.travel[node][job.node], start, index)
                for index, job in enumerate(waiting.values())
                for start in [_get_start(problem, shift, clock, node, job)]
                if start is not None and (room is None or job.load <= room)
            ]
            if not found:
                break
            _travel, start, index = min(found)
            job = list(waiting.values())[index]
            stops.append((job.key, start))
            clock, node = shift.get_end(job, start), job.node
            room = None if room is None else room - job.load
            del waiting[job.key]
        if stops:
            plan.tours[shift.key] = stops
    plan.unplaced = list(waiting)
    return plan


def _get_start(problem, shift, clock, node, job):
    """Return when a shift could begin a job next; None when it cannot."""
    if not problem.may_do(shift, job):
        return None
    start = max(clock + problem.travel[node][job.node], job.earliest)
    for pause, minutes in shift.pauses:
        if start < pause + minutes and start + job.in_one_go > pause:
            start = max(pause + minutes, job.earliest)
    back = shift.get_end(job, start) + problem.travel[job.node][shift.last_node]
    return start if start <= job.latest and back <= shift.end else None
