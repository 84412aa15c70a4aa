from math import hypot

from .problem import Job, Problem, Shift

SCALE = 1000  # the format has whole times and real distances: thousandths keep both
VEHICLE = 100_000_000  # fewer vehicles come first, as in what is published


def read(text):
    """Read an instance of the vehicle routing problem with time windows in Solomon's format.

    :param text: the name, then « VEHICLE » with number and capacity, then « CUSTOMER » with number,
        x, y, demand, ready time, due date and service time; customer 0 is the depot
    :return: a ``Problem`` whose minutes are thousandths of a unit of the instance
    :raise ValueError: when the text is something else
    """
    rows = [
        [float(word) for word in words]
        for words in (line.split() for line in text.splitlines())
        if words and all(_is_number(word) for word in words)
    ]
    if not rows or len(rows[0]) != 2 or any(len(row) != 7 for row in rows[1:]) or len(rows) < 3:
        raise ValueError("This is not an instance of Solomon's VRPTW: no VEHICLE, no CUSTOMER.")
    (number, capacity), depot, *customers = rows
    places = [(x, y) for _number, x, y, *_rest in (depot, *customers)]
    travel = [[round(hypot(a - x, b - y) * SCALE) for x, y in places] for a, b in places]
    jobs = tuple(
        Job(
            key=int(key),
            node=node,
            minutes=int(service * SCALE),
            earliest=int(ready * SCALE),
            latest=int(due * SCALE),
            weight=None,
            load=int(demand),
        )
        for node, (key, _x, _y, demand, ready, due, service) in enumerate(customers, 1)
    )
    shifts = tuple(
        Shift(
            key=key,
            node=0,
            start=int(depot[4] * SCALE),
            end=int(depot[5] * SCALE),
            capacity=int(capacity),
        )
        for key in range(1, int(number) + 1)
    )
    return Problem(jobs, shifts, travel, fixed_cost=VEHICLE)


def _is_number(word):
    try:
        float(word)
    except ValueError:
        return False
    return True
