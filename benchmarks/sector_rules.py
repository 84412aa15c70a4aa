"""A new rule of a sector among 100,000 addresses: all of them follow, in a constant number of
queries."""

from odoo.fields import Command

from common import benchmark, clone

with benchmark(
    number=(100_000, "addresses"), rules=(300, "rules there are already"), zips=(5_000, "zip codes")
) as bench:
    env = bench.env
    country = env.ref("base.fr")
    sectors = env["service.sector"].create([{"name": f"S{n}"} for n in range(10)])
    env["service.sector.rule"].create(
        [
            {"sector_id": sectors[n % 10].id, "country_id": country.id, "zip_prefix": f"{n:03}"}
            for n in range(bench.args.rules)
        ]
    )
    address = env["res.partner"].create({"name": "A", "country_id": country.id, "zip": "00000"})
    clone(address, bench.args.number - 1, zip=f"lpad((n % {bench.args.zips} * 10)::text, 5, '0')")
    env["service.sector.rule"]._assign_addresses()
    env.flush_all()
    for case, rule in (
        ("a new rule that moves 1 % of the addresses", {"zip_from": "00000", "zip_to": "00499"}),
        ("a new rule that moves all of them", {"zip_from": "00000", "zip_to": "99999"}),
    ):
        result = bench.measure(
            case,
            lambda env: env["service.sector"].create({"name": "New"}),
            lambda sector, rule=rule: sector.write({"rule_ids": [Command.create(rule)]}),
            bench.args.number,
        )
    bench.promise("queries of a new rule, however many addresses follow", result["queries"], 20)
