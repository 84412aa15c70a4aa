from odoo.tests import BaseCase, tagged

from odoo.addons.service_request.models.consumption_rules import share_out


def line(
    value,
    kind="part",
    time=0.0,
    rate=100.0,
    promise=1,
    contract=1,
    request=1,
    factor=1.0,
    points=(0, 0),
    **terms,
):
    """A consumption of so much money and time; ``hours`` and ``amount`` are what limits leave."""
    return {
        "amount": value,
        "kind": kind,
        "hours": time,
        "rate": rate,
        "terms": terms,
        "points_per_hour": points[0],
        "points_per_amount": points[1],
        "promise": promise,
        "contract": contract,
        "request": request,
        "factor": factor,
    }


def work(time, **values):
    return line(time * 60, "labor", time, **values)


# What is consumed, one after the other; what the coverage bears; hours of the limit; points.
CASES = {
    "nothing is covered": ([line(120, rate=0)], [0], [0], [0]),
    "full": ([line(120)], [120], [0], [0]),
    "rate of the kind": ([line(120, rate=25), work(2, rate=50)], [30, 60], [0, 2], [0, 0]),
    "free hours come first, the rest at the rate": (
        [work(3, rate=50, free_hours=1)],
        [60 + 2 * 30],
        [3],
        [0],
    ),
    "free hours without a rate": ([work(3, rate=0, free_hours=1)], [60], [1], [0]),
    "free hours are shared by the lines of a request": (
        [work(1, rate=0, free_hours=1.5), work(2, rate=0, free_hours=1.5)],
        [60, 30],
        [1, 0.5],
        [0, 0],
    ),
    "free hours of two contracts are two things": (
        [work(1, rate=0, free_hours=1), work(1, rate=0, free_hours=1, contract=2, promise=2)],
        [60, 60],
        [1, 1],
        [0, 0],
    ),
    "free hours are not for parts": ([line(120, rate=0, free_hours=5)], [0], [0], [0]),
    "what is left of the hours": ([work(3, hours=2)], [120], [2], [0]),
    "hours are used up line by line": (
        [work(1, hours=1.5), work(1, hours=1.5), work(1, hours=1.5)],
        [60, 30, 0],
        [1, 0.5, 0],
        [0, 0, 0],
    ),
    "free hours count against the limit": (
        [work(3, rate=50, free_hours=1, hours=2)],
        [60 + 30],
        [2],
        [0],
    ),
    "hours that are not covered do not count": ([work(3, rate=0, hours=2)], [0], [0], [0]),
    "hours used up leave nothing": ([work(1, hours=-1)], [0], [0], [0]),
    "an amount used up leaves nothing": ([line(9, amount=0)], [0], [0], [0]),
    "what is left of the amount": (
        [line(120, rate=50, amount=80), line(100, rate=50, amount=80)],
        [60, 20],
        [0, 0],
        [0, 0],
    ),
    "the deductible once per request": (
        [line(100, deductible=150), line(100, deductible=150)],
        [0, 50],
        [0, 0],
        [0, 0],
    ),
    "the deductible once for two machines of a contract": (
        [line(100, deductible=30), line(100, deductible=30, promise=2)],
        [70, 100],
        [0, 0],
        [0, 0],
    ),
    "the deductible comes after the limit": (
        [line(200, amount=100, deductible=30)],
        [70],
        [0],
        [0],
    ),
    "the deductible takes nothing off what is not covered": (
        [line(100, rate=0, deductible=30), line(100, deductible=30)],
        [0, 70],
        [0, 0],
        [0, 0],
    ),
    "hours of a limit are shared by requests": (
        [work(3, hours=5), work(4, hours=5, request=2), work(1, hours=5)],
        [180, 120, 0],
        [3, 2, 0],
        [0, 0, 0],
    ),
    "an amount is shared by requests, each in its own currency": (
        [line(120, amount=100, factor=2), line(120, amount=100, request=2)],
        [120, 40],
        [0, 0],
        [0, 0],
    ),
    "free hours and deductible are for each request": (
        [
            work(2, rate=0, free_hours=1, deductible=20),
            work(2, rate=0, free_hours=1, deductible=20, request=2),
        ],
        [40, 40],
        [1, 1],
        [0, 0],
    ),
    "a deductible in another currency": ([line(120, deductible=10, factor=2)], [100], [0], [0]),
    "points by the hour, for hours that are not free": (
        [work(3, free_hours=1, points=(2, 0))],
        [180],
        [3],
        [4],
    ),
    "points by the amount of parts and travel": (
        [line(120, points=(0, 0.5)), line(30, "travel", points=(0, 0.5)), work(1)],
        [120, 30, 60],
        [0, 0, 1],
        [60, 15, 0],
    ),
}


@tagged("post_install", "-at_install")
class TestConsumptionRules(BaseCase):
    def test_who_bears_what(self):
        for name, (lines, amounts, hours, points) in CASES.items():
            with self.subTest(name):
                shares = share_out(lines)
                self.assertEqual([share["amount"] for share in shares], amounts)
                self.assertEqual([share["hours"] for share in shares], hours)
                self.assertEqual([share["points"] for share in shares], points)
