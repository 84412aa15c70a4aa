from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
DETOUR = 1.3  # roads are longer than the flight of a bird


def get_distance(start, end):
    """Return the kilometres of the great circle between two ``(latitude, longitude)``."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, place)) for place in (start, end))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def get_travel_minutes(start, end, speed):
    """Return the minutes of a drive; 0 when one of the places is not known.

    :param start: ``(latitude, longitude)`` in degrees, or None
    :param speed: average speed in km/h
    """
    if not start or not end or speed <= 0:
        return 0
    return round(get_distance(start, end) * DETOUR / speed * 60)
