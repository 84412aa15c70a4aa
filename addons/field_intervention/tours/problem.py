from dataclasses import dataclass, field

LONG = 180  # minutes of work that a pause does not interrupt: more seldom fits in half a day


@dataclass(frozen=True)
class Job:
    """Work at one place. Times are whole minutes on one clock that all jobs and shifts share.

    - ``node``: its row in the travel matrix
    - ``earliest``, ``latest``: when it may begin
    - ``skills``: what whoever does it must have
    - ``due``: when it should be over; a minute later costs ``solver.LATE`` minutes of travel
    - ``weight``: how many minutes of travel it is worth to place it; None when it must be placed
    - ``shift``: the key of the only shift that may do it
    - ``load``: what it takes of the capacity of a shift
    """

    key: object
    node: int
    minutes: int
    earliest: int
    latest: int
    skills: frozenset = frozenset()
    due: int | None = None
    weight: int | None = 1000
    shift: object = None
    load: int = 0

    @property
    def in_one_go(self):
        """Minutes from its start without a pause; what is long only may not begin in one."""
        return self.minutes if self.minutes <= LONG else 1


@dataclass(frozen=True)
class Shift:
    """Free time of one technician: from ``node`` at ``start``, at ``end_node`` before ``end``.

    - ``end_node``: where the way ends; None for where it began
    - ``pauses``: ``(start, minutes)`` in order; nothing begins then, long work rests
    - ``capacity``: how much load it takes; None for any
    """

    key: object
    node: int
    start: int
    end: int
    skills: frozenset = frozenset()
    pauses: tuple = ()
    capacity: int | None = None
    end_node: int | None = None

    @property
    def last_node(self):
        return self.node if self.end_node is None else self.end_node

    def is_interrupted(self, job, start):
        """Tell whether a job that begins at ``start`` begins in a pause, or runs into one."""
        return any(
            start < pause + minutes and start + job.in_one_go > pause
            for pause, minutes in self.pauses
        )

    def get_end(self, job, start):
        """Return when a job is over that begins at ``start``, with the pauses in between."""
        end = start + job.minutes
        for pause, minutes in self.pauses:
            if start < pause < end:
                end += minutes
        return end


@dataclass(frozen=True)
class Problem:
    """Jobs, shifts, and ``travel[from][to]`` in minutes between nodes.

    ``fixed_cost``: what it costs to use a shift at all, in minutes of travel.
    """

    jobs: tuple
    shifts: tuple
    travel: list
    fixed_cost: int = 0

    def may_do(self, shift, job):
        return job.skills <= shift.skills and job.shift in (None, shift.key)


@dataclass
class Plan:
    """``tours``: for each shift that is used, ``[(key of the job, start)]`` in order."""

    tours: dict = field(default_factory=dict)
    unplaced: list = field(default_factory=list)

    def get_travel(self, problem):
        """Return the minutes of travel of all tours, with the ways back."""
        node = {job.key: job.node for job in problem.jobs}
        shifts = {shift.key: shift for shift in problem.shifts}
        total = 0
        for key, stops in self.tours.items():
            first, last = shifts[key].node, shifts[key].last_node
            way = [first, *(node[job] for job, _start in stops), last]
            total += sum(problem.travel[a][b] for a, b in zip(way, way[1:], strict=False))
        return total

    def get_late(self, problem):
        """Return how many of the placed jobs are over after they are due."""
        job = {job.key: job for job in problem.jobs}
        return sum(
            1
            for stops in self.tours.values()
            for key, start in stops
            if job[key].due is not None and start + job[key].minutes > job[key].due
        )

    def get_faults(self, problem):
        """Return in words what no plan may do; an empty list when the plan can be driven."""
        jobs = {job.key: job for job in problem.jobs}
        shifts = {shift.key: shift for shift in problem.shifts}
        faults, seen = [], set(self.unplaced)
        for key, stops in self.tours.items():
            shift = shifts[key]
            clock, node = shift.start, shift.node
            for number, start in stops:
                job = jobs[number]
                if number in seen:
                    faults.append(f"{number} twice")
                seen.add(number)
                if not problem.may_do(shift, job):
                    faults.append(f"{key} may not do {number}")
                if start < clock + problem.travel[node][job.node]:
                    faults.append(f"{key} comes too late to {number}")
                faults += _get_faults_of_start(shift, job, start)
                clock, node = shift.get_end(job, start), job.node
            if clock + problem.travel[node][shift.last_node] > shift.end:
                faults.append(f"{key} ends too late")
            if shift.capacity is not None:
                load = sum(jobs[number].load for number, _start in stops)
                if load > shift.capacity:
                    faults.append(f"{key} is overloaded")
        missing = [job.key for job in problem.jobs if job.key not in seen]
        return [*faults, *(f"{number} forgotten" for number in missing)]


def _get_faults_of_start(shift, job, start):
    if not job.earliest <= start <= job.latest:
        yield f"{job.key} outside of its window"
    if shift.is_interrupted(job, start):
        yield f"{job.key} in a pause"
