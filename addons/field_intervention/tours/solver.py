from .fewer import plan_with_few_shifts
from .problem import Plan

LATE = 2  # minutes of travel that a minute after the due time is worth


def is_available():
    """Tell whether OR-Tools is installed."""
    try:
        from ortools.constraint_solver import pywrapcp  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


def solve(problem, seconds=10):
    """Find tours with little travel that place what is worth placing.

    :param problem: a ``Problem``
    :param seconds: how long to search
    :return: a ``Plan``; None when what must be placed cannot be
    :raise ImportError: without OR-Tools
    """
    if problem.fixed_cost:
        return plan_with_few_shifts(problem, seconds, _search)
    return _search(problem, seconds)


def _search(problem, seconds, start=None, good_enough=0):
    return _Search(problem).run(seconds, start, good_enough)


class _Search:
    """One routing model of OR-Tools: jobs, then where shifts start, then where they end."""

    def __init__(self, problem):
        from ortools.constraint_solver import pywrapcp  # noqa: PLC0415

        self.pywrapcp = pywrapcp
        self.problem = problem
        self.jobs, self.shifts = problem.jobs, problem.shifts
        starts = [len(self.jobs) + number for number in range(len(self.shifts))]
        ends = [number + len(self.shifts) for number in starts]
        self.nodes = [
            *(job.node for job in self.jobs),
            *(shift.node for shift in self.shifts),
            *(shift.last_node for shift in self.shifts),
        ]
        self.work = [job.minutes for job in self.jobs] + [0] * len(self.shifts) * 2
        self.in_one_go = [job.in_one_go for job in self.jobs] + [0] * len(self.shifts) * 2
        self.manager = pywrapcp.RoutingIndexManager(len(self.nodes), len(self.shifts), starts, ends)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self._add_travel()
        self._add_time()
        self._add_load()
        self._add_jobs()
        self._add_shifts()

    def _add_travel(self):
        nodes, travel = self.nodes, self.problem.travel
        matrix = [[travel[start][end] for end in nodes] for start in nodes]
        cost = self.routing.RegisterTransitMatrix(matrix)
        self.routing.SetArcCostEvaluatorOfAllVehicles(cost)
        self.routing.SetFixedCostOfAllVehicles(self.problem.fixed_cost)
        timed = [
            [minutes + work for minutes in row] for row, work in zip(matrix, self.work, strict=True)
        ]
        self.transit = self.routing.RegisterTransitMatrix(timed)

    def _add_time(self):
        horizon = max(shift.end for shift in self.shifts)
        self.routing.AddDimension(self.transit, horizon, horizon, False, "time")
        self.time = self.routing.GetDimensionOrDie("time")

    def _add_load(self):
        if all(shift.capacity is None for shift in self.shifts):
            return
        loads = [job.load for job in self.jobs] + [0] * len(self.shifts) * 2
        callback = self.routing.RegisterUnaryTransitVector(loads)
        total = sum(loads)
        capacities = [total if shift.capacity is None else shift.capacity for shift in self.shifts]
        self.routing.AddDimensionWithVehicleCapacity(callback, 0, capacities, True, "load")

    def _add_jobs(self):
        for number, job in enumerate(self.jobs):
            index = self.manager.NodeToIndex(number)
            self.time.CumulVar(index).SetRange(max(job.earliest, 0), max(job.latest, 0))
            if job.due is not None:
                self.time.SetCumulVarSoftUpperBound(index, max(job.due - job.minutes, 0), LATE)
            able = [
                vehicle
                for vehicle, shift in enumerate(self.shifts)
                if self.problem.may_do(shift, job)
            ]
            if job.weight is not None:
                self.routing.AddDisjunction([index], job.weight)
                able.append(-1)
            self.routing.VehicleVar(index).SetValues(able)

    def _add_shifts(self):
        solver = self.routing.solver()
        for vehicle, shift in enumerate(self.shifts):
            start, end = self.routing.Start(vehicle), self.routing.End(vehicle)
            self.time.CumulVar(start).SetRange(shift.start, shift.end)
            self.time.CumulVar(end).SetRange(shift.start, shift.end)
            self.routing.AddVariableMinimizedByFinalizer(self.time.CumulVar(end))
            pauses = [
                solver.FixedDurationIntervalVar(
                    begin, begin, minutes, False, f"pause {vehicle} {begin}"
                )
                for begin, minutes in shift.pauses
            ]
            if pauses:
                self.time.SetBreakIntervalsOfVehicle(pauses, vehicle, self.in_one_go)

    def run(self, seconds, start=None, good_enough=0):
        """Search for a while.

        :param start: the ``Plan`` to begin with
        :param good_enough: stop as soon as a plan costs less
        """
        parameters = self.pywrapcp.DefaultRoutingSearchParameters()
        parameters.first_solution_strategy = 8  # PARALLEL_CHEAPEST_INSERTION
        parameters.local_search_metaheuristic = 4  # GUIDED_LOCAL_SEARCH
        parameters.time_limit.FromMilliseconds(max(int(seconds * 1000), 1))
        routing = self.routing

        def stop_when_good_enough():
            if routing.CostVar().Max() < good_enough:
                routing.solver().FinishCurrentSearch()

        if good_enough:
            routing.AddAtSolutionCallback(stop_when_good_enough)
        if start is None:
            solution = routing.SolveWithParameters(parameters)
        else:
            routing.CloseModelWithParameters(parameters)
            known = routing.ReadAssignmentFromRoutes(self._get_routes(start), True)
            solution = routing.SolveFromAssignmentWithParameters(known, parameters)
        return self._read(solution) if solution else None

    def _get_routes(self, plan):
        """The tours of a plan as OR-Tools names them."""
        index = {job.key: self.manager.NodeToIndex(n) for n, job in enumerate(self.jobs)}
        return [[index[key] for key, _start in plan.tours.get(s.key, ())] for s in self.shifts]

    def _read(self, solution):
        plan = Plan()
        placed = set()
        for vehicle, shift in enumerate(self.shifts):
            index = solution.Value(self.routing.NextVar(self.routing.Start(vehicle)))
            stops = []
            while not self.routing.IsEnd(index):
                job = self.jobs[self.manager.IndexToNode(index)]
                stops.append((job.key, solution.Min(self.time.CumulVar(index))))
                placed.add(job.key)
                index = solution.Value(self.routing.NextVar(index))
            if stops:
                plan.tours[shift.key] = stops
        plan.unplaced = [job.key for job in self.jobs if job.key not in placed]
        return plan
