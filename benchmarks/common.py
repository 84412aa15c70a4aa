"""What the benchmarks share: a database, a clock, a count of queries, and JSON.

A benchmark is a script:

    from common import benchmark

    with benchmark() as bench:
        records = make_what_all_cases_need(bench.env)
        bench.measure("what is measured", lambda env: prepare(env), work, number=200)

Nothing is kept: each run of a case is rolled back, and so is the whole at the end.
"""

import argparse
import cProfile
import gc
import json
import statistics
import sys
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.modules.registry import Registry
from odoo.tools import SQL, config

REPEAT = 3
FLOOR = "x_bench_floor"
SIMPLE = {"monetary": "float", "selection": "char", "json": "text", "many2one_reference": "integer"}


class Bench:
    def __init__(self, name, cr, uid, repeat):
        self.name, self.cr, self.repeat = name, cr, repeat
        user = api.Environment(cr, uid, {}).user
        # what the web client sends with each call
        context = {"lang": user.lang, "tz": user.tz or "UTC"}
        self.env = api.Environment(cr, uid, context)
        self.kept = True

    def emit(self, case, **values):
        """Print one result as a line of JSON; return it."""
        result = {"benchmark": self.name, "case": case, **values}
        print(json.dumps(result), flush=True)
        return result

    def measure(self, case, prepare, work, number=1):
        """Measure ``work(prepare(env))``: its queries, and the median of its times.

        ``ms`` is what a user waits; ``cpu_ms`` is what this process works, without PostgreSQL;
        ``calls`` are those of Python functions, which are the same on every machine.

        Each run is what one call of a user is: it starts with an empty cache, not even the user is
        known, and ends with what is done before a commit. The first one warms up what lasts longer
        and does not count.

        :param number: how many records the work is about
        :return: the result that was printed
        """
        return self.measure_in_turns({case: (prepare, work)}, number)[case]

    def measure_in_turns(self, cases, number=1):
        """Measure several works as :meth:`measure`, one after the other again and again.

        What else the machine does then disturbs all of them alike.

        :param cases: ``{case: (prepare, work)}``
        :return: ``{case: result}``
        """
        runs = {case: [] for case in cases}
        for _turn in range(self.repeat + 1):
            for case, pair in cases.items():
                runs[case].append(self._run(*pair))
        return {
            case: self._summarize(case, runs[case][1:], pair, number)
            for case, pair in cases.items()
        }

    def _summarize(self, case, runs, pair, number):
        seconds, processor, queries = (
            statistics.median(column) for column in zip(*runs, strict=True)
        )
        profile = cProfile.Profile()
        self._run(*pair, profile)
        return self.emit(
            case,
            records=number,
            queries=int(queries),
            queries_per_record=round(queries / number, 3),
            ms=round(seconds * 1000, 2),
            cpu_ms=round(processor * 1000, 2),
            ms_per_record=round(seconds * 1000 / number, 3),
            calls=sum(entry.callcount for entry in profile.getstats()),
        )

    def _run(self, prepare, work, profile=None):
        with self.cr.savepoint() as savepoint:
            subject = prepare(self.env)
            self.cr.flush()
            self.cr.transaction.reset()
            gc.collect()
            before = time.perf_counter(), time.process_time(), self.cr.sql_log_count
            with profile or nullcontext():
                work(subject)
                self.cr.flush()
            after = time.perf_counter(), time.process_time(), self.cr.sql_log_count
            result = tuple(end - begin for begin, end in zip(before, after, strict=True))
            savepoint.rollback()
        self.env.invalidate_all()
        return result

    def promise(self, what, value, at_most):
        """Compare a number with its limit; a broken promise fails the benchmark at its end."""
        kept = value <= at_most
        self.kept = self.kept and kept
        return self.emit(what, value=value, at_most=at_most, kept=kept)


def clone(record, number, /, **columns):
    """Copy the row of a record ``number`` times by SQL, whatever columns other addons added.

    :param columns: SQL expressions of what differs, where ``n`` is the number of the copy, from 1
    """
    record.env.flush_all()
    names = [
        name
        for name, field in record._fields.items()
        if field.store and field.column_type and name != "id"
    ]
    values = [
        SQL(columns[name].replace("%", "%%")) if name in columns else SQL.identifier(name)
        for name in names
    ]
    record.env.cr.execute(
        SQL(
            "INSERT INTO %(table)s (%(names)s)"
            " SELECT %(values)s FROM %(table)s, generate_series(1, %(number)s) n WHERE id = %(id)s",
            table=SQL.identifier(record._table),
            names=SQL(", ").join(map(SQL.identifier, names)),
            values=SQL(", ").join(values),
            number=number,
            id=record.id,
        )
    )
    record.env.invalidate_all()


def make_floor(record):
    """A bare tracked document of the same width as ``record``, as model ``FLOOR``.

    It has the same relations, and is found by them as fast: their columns have an index, too.

    :return: the values of ``record`` in its fields
    """
    env = record.env
    fields, values = [], {}
    for name, field in record._fields.items():
        if not field.store or not field.column_type or name in MAGIC_COLUMNS:
            continue
        kind = SIMPLE.get(field.type, field.type)
        definition = {
            "name": f"x_{name}",
            "field_description": name,
            "ttype": kind,
            "tracking": bool(getattr(field, "tracking", False)),
            "index": kind == "many2one" and bool(field.index),
        }
        if kind == "many2one":
            definition |= {"relation": field.comodel_name, "on_delete": "set null"}
        fields.append(Command.create(definition))
        value = record[name]
        value = value.id if field.type == "many2one" else value
        values[f"x_{name}"] = str(value) if field.type == "json" and value else value
    env["ir.model"].sudo().create(
        {
            "name": "Floor of the benchmark",
            "model": FLOOR,
            "is_mail_thread": True,
            "is_mail_activity": True,
            "field_id": fields,
            "access_ids": [
                Command.create(
                    {
                        "name": FLOOR,
                        "group_id": env.ref("base.group_user").id,
                        **dict.fromkeys(
                            ("perm_read", "perm_write", "perm_create", "perm_unlink"), True
                        ),
                    }
                )
            ],
        }
    )
    return values


@contextmanager
def benchmark(**options):
    """Open the database that the command line names; roll everything back at the end.

    :param options: further options of the command line: ``name=(default, help)``
    """
    script = Path(sys.argv[0])
    parser = argparse.ArgumentParser(prog=script.name)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("-c", "--config", help="configuration file of Odoo")
    parser.add_argument("--user", default="base.user_admin", help="xml id of who does the work")
    parser.add_argument("--repeat", type=int, default=REPEAT)
    for name, (default, help_) in options.items():
        parser.add_argument(f"--{name}", type=type(default), default=default, help=help_)
    args = parser.parse_args()
    odoo_args = ["-d", args.database, "--no-http", "--log-level=error"]
    config.parse_config([*(["-c", args.config] if args.config else []), *odoo_args])
    cr = Registry(args.database).cursor()
    try:
        root = api.Environment(cr, SUPERUSER_ID, {})
        bench = Bench(script.stem, cr, root.ref(args.user).id, args.repeat)
        bench.args = args
        yield bench
    finally:
        if not cr._cnx.closed:  # else the benchmark wanted the database for itself
            cr.rollback()
            cr.close()
    sys.exit(not bench.kept)
