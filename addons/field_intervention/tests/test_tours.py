from random import Random

from odoo.tests import BaseCase, tagged

from ..tours import nearest, solomon, solver
from ..tours.fewer import plan_with_few_shifts
from ..tours.problem import Job, Plan, Problem, Shift
from ..tours.travel import get_travel_matrix

INSTANCE = """TINY

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0        100          0
    1      3          4          5          0        50          10
    2      6          8          5          0        60          10
    3      0          5          5         20        30          10
"""


@tagged("post_install", "-at_install")
class TestTours(BaseCase):
    """The tours, without a database."""

    def _problem(self, seed, jobs=20, shifts=3):
        dice = Random(seed)
        places = [(dice.randrange(60), dice.randrange(60)) for _node in range(jobs + 1)]
        travel = [[abs(a - x) + abs(b - y) for x, y in places] for a, b in places]
        return Problem(
            tuple(
                Job(
                    key=node,
                    node=node,
                    minutes=dice.choice((30, 60)),
                    earliest=(earliest := dice.choice((0, 0, 240))),
                    latest=earliest + 300,
                    skills=frozenset(dice.choice(((), (), ("gas",)))),
                )
                for node in range(1, jobs + 1)
            ),
            tuple(
                Shift(
                    key=f"T{number}",
                    node=0,
                    start=0,
                    end=540,
                    skills=frozenset(("gas",) if number else ()),
                    pauses=((240, 60),),
                )
                for number in range(shifts)
            ),
            travel,
        )

    def test_both_plans_can_be_driven(self):
        for seed in range(3):
            problem = self._problem(seed)
            self.assertEqual(nearest.plan_nearest(problem).get_faults(problem), [])
            if solver.is_available():
                self.assertEqual(solver.solve(problem, 0.5).get_faults(problem), [])

    def test_nothing_begins_in_a_pause(self):
        """The clock counts from 8:00; at work again at 10:28 (148), 13 minutes of way: 10:41 (161).

        The pause is from 11:00 (180) to 12:30 (270), the day ends at 17:00 (540).
        """
        cases = [
            # minutes of the jobs, when each begins
            ((19,), (161,)),  # over at 11:00
            ((20,), (270,)),
            ((120,), (270,)),
            ((180,), (270,)),
            # long: 19 minutes, the pause, 221 minutes until 16:11; then half an hour until 16:41
            ((240, 30), (161, 491)),
        ]
        for works, starts in cases:
            problem = Problem(
                tuple(
                    Job(key=key, node=1, minutes=minutes, earliest=0, latest=540)
                    for key, minutes in enumerate(works)
                ),
                (Shift(key="T", node=0, start=148, end=540, pauses=((180, 90),)),),
                [[0, 13], [13, 0]],
            )
            plans = [nearest.plan_nearest(problem)] if len(works) == 1 else []
            if solver.is_available():
                plans.append(solver.solve(problem, 0.3))
            for plan in plans:
                self.assertEqual(dict(plan.tours["T"]), dict(enumerate(starts)), works)
                self.assertEqual(plan.get_faults(problem), [])
        # twenty minutes at 10:41 would be over at 11:01, and 12:11 is in the middle of the pause
        job = Job(key="a", node=1, minutes=20, earliest=0, latest=540)
        problem = Problem((job,), problem.shifts, problem.travel)
        for start, faults in ((161, ["a in a pause"]), (251, ["a in a pause"]), (270, [])):
            self.assertEqual(Plan({"T": [("a", start)]}).get_faults(problem), faults)

    def test_solver_places_more_or_travels_less_than_the_nearest_next(self):
        if not solver.is_available():
            self.skipTest("OR-Tools is optional and not installed")
        for seed in range(3):
            problem = self._problem(seed)
            by_hand, found = nearest.plan_nearest(problem), solver.solve(problem, 1)
            self.assertLessEqual(len(found.unplaced), len(by_hand.unplaced))
            if len(found.unplaced) == len(by_hand.unplaced):
                self.assertLess(found.get_travel(problem), by_hand.get_travel(problem))

    def test_ways_follow_the_road(self):
        places = [(45.0, 6.0), (45.0, 6.5), None]
        straight = get_travel_matrix(places, speed=60, detour=1)
        self.assertEqual(straight, [[0, 39, 0], [39, 0, 0], [0, 0, 0]])
        self.assertEqual(get_travel_matrix(places, speed=60, detour=2)[0][1], 79)

    def test_faults_of_a_plan_are_seen(self):
        problem = Problem(
            (
                Job(key="a", node=1, minutes=60, earliest=0, latest=100, skills=frozenset("g")),
                Job(key="b", node=2, minutes=60, earliest=0, latest=100, load=3),
            ),
            (Shift(key="T", node=0, start=0, end=200, capacity=2),),
            [[0, 10, 20], [10, 0, 30], [20, 30, 0]],
        )
        plan = Plan({"T": [("a", 5), ("b", 130)]})
        self.assertEqual(
            plan.get_faults(problem),
            [
                "T may not do a",
                "T comes too late to a",
                "b outside of its window",
                "T ends too late",
                "T is overloaded",
            ],
        )
        self.assertEqual(Plan().get_faults(problem), ["a forgotten", "b forgotten"])
        self.assertEqual(plan.get_travel(problem), 10 + 30 + 20)

    def test_solomons_format(self):
        problem = solomon.read(INSTANCE)
        self.assertEqual((len(problem.jobs), len(problem.shifts)), (3, 2))
        self.assertEqual(problem.travel[0][1], 5000)
        self.assertEqual(problem.jobs[2].earliest, 20000)
        self.assertEqual(problem.shifts[0].capacity, 10)
        with self.assertRaisesRegex(ValueError, "no VEHICLE"):
            solomon.read("1 2 3\nhello")

    def test_solomons_instance_is_solved_with_few_vehicles(self):
        if not solver.is_available():
            self.skipTest("OR-Tools is optional and not installed")
        problem = solomon.read(INSTANCE)
        plan = solver.solve(problem, 1)
        self.assertEqual(plan.get_faults(problem), [])
        self.assertEqual(len(plan.tours), 2, "a vehicle holds two of the three demands")

    def test_a_plan_is_made_to_do_with_fewer_shifts(self):
        if not solver.is_available():
            self.skipTest("OR-Tools is optional and not installed")
        problem = solomon.read(INSTANCE.replace("2         10", "3         10"))
        wasteful = Plan({key: [(key, 30_000)] for key in (1, 2, 3)})

        def search(problem, seconds, *start):
            return solver._search(problem, seconds, *start) if start else wasteful

        plan = plan_with_few_shifts(problem, 2, search)
        self.assertEqual((len(plan.tours), plan.get_faults(problem)), (2, []))
        # 0-1-2-0 and 0-3-0 of the three ways to share them
        self.assertEqual(plan.get_travel(problem), 30_000)
