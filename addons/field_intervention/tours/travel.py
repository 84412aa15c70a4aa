from functools import lru_cache
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
DETOUR = 1.3  # roads are longer than the flight of a bird
KNOWN = 200_000  # ways that are remembered: technicians drive between the same places every day


@lru_cache(maxsize=KNOWN)
def get_distance(start, end):
    """Return the kilometres of the great circle between two ``(latitude, longitude)``."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, place)) for place in (start, end))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def get_travel_minutes(start, end, speed, detour=DETOUR):
    """Return the minutes of a drive; 0 when one of the places is not known.

    :param start: ``(latitude, longitude)`` in degrees, or None
    :param speed: average speed in km/h
    :param detour: how many times longer the road is than the great circle
    """
    if not start or not end or speed <= 0:
        return 0
    return round(get_distance(start, end) * detour / speed * 60)


def get_travel_matrix(places, speed, detour=DETOUR):
    """Return ``[from][to]`` minutes of a drive between places; both ways take as long."""
    matrix = [[0] * len(places) for _place in places]
    for row, start in enumerate(places):
        for column in range(row):
            minutes = get_travel_minutes(start, places[column], speed, detour)
            matrix[row][column] = matrix[column][row] = minutes
    return matrix
