"""What a device may send: pure functions that check it, no database."""

import hashlib
import json
import math
import uuid
from datetime import UTC, datetime


class Malformed(Exception):
    """The content of a command is not what its kind says."""


def check_payload(payload, schema):
    """Refuse a payload that is not an object of the keys and types of ``schema``.

    :param schema: ``{key: type}``; a key that ends in ``?`` may be missing or None
    :raise Malformed: naming the key
    """
    if not isinstance(payload, dict):
        raise Malformed("payload")
    for name, type_ in schema.items():
        key = name.rstrip("?")
        value = payload.get(key)
        if value is None and name.endswith("?"):
            continue
        if not _is_a(value, type_):
            raise Malformed(key)
    unknown = payload.keys() - {name.rstrip("?") for name in schema}
    if unknown:
        raise Malformed(min(unknown))


def _is_a(value, type_):
    if type_ is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and math.isfinite(value) and abs(value) < 1e12
    if type_ is int:
        return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    if type_ is uuid.UUID:
        return is_uuid(value)
    if type_ is datetime:
        return _parse(value) is not None
    if type_ is str:
        return isinstance(value, str) and "\x00" not in value
    return isinstance(value, type_)


def is_storable(value):
    """Whether the database can hold this content as JSON: no NUL, no half characters, no NaN."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError:
        return False
    return "\\u0000" not in text.replace(r"\\", "")


def is_id(value):
    """Whether ``value`` can be the number of a record."""
    return _is_a(value, int)


def is_uuid(value):
    """Whether ``value`` is a uuid in its usual way of writing."""
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value
    except ValueError:
        return False


def get_moment(value, now):
    """The moment that a device wrote down, in UTC and never later than ``now``.

    Clocks of devices lie: what lies in the future happened now.
    """
    moment = _parse(value)
    return min(moment, now) if moment else now


def _parse(value):
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.replace(microsecond=0) if moment.year > 2000 else None


def digest(*content):
    """A short name of a content: the same for the same, another one for another one."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
