from types import SimpleNamespace

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..models.planned_query import PlannedQuery

NAMES = SQL("SELECT id, name FROM x_planned WHERE id = ANY(ids) ORDER BY id")


@tagged("post_install", "-at_install")
class TestPlannedQuery(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cr.execute("CREATE TABLE x_planned (id int, name varchar)")
        cls.names = cls._make_query(SQL("id int, name varchar"), NAMES)

    @classmethod
    def _make_query(cls, columns, query):
        planned = PlannedQuery("x_planned_names", SQL("ids int[]"), columns, query)
        planned.install(SimpleNamespace(env=cls.env, _table="x_planned"))
        return planned

    def _insert(self, *rows):
        self.env.cr.execute(SQL("INSERT INTO x_planned VALUES %s", SQL(", ").join(rows)))

    def test_each_call_reads_what_was_written_before(self):
        self.assertEqual(self.names.get_rows(self.env, [1, 2]), [])
        self._insert((2, "b"), (1, None), (3, "c"))
        self.assertEqual(
            self.names.get_rows(self.env, [1, 2]), [{"id": 1, "name": None}, {"id": 2, "name": "b"}]
        )
        self.assertEqual(self.names.get_rows(self.env, []), [])

    def test_an_upgrade_changes_the_query_and_its_columns(self):
        self._insert((1, "a"), (2, "b"))
        query = self._make_query(
            SQL("number bigint"), SQL("SELECT count(*) FROM x_planned WHERE id = ANY(ids)")
        )
        self.assertEqual(query.get_rows(self.env, [1, 2, 3]), [{"number": 2}])

    def test_it_stands_for_a_table_in_another_query(self):
        self._insert((1, "a"), (2, "b"))
        sql = SQL("SELECT name FROM %s WHERE id > 1", self.names.call(SQL("ARRAY[1, 2]")))
        self.assertEqual(self.env.execute_query(sql), [("b",)])

    def test_it_goes_with_its_table_as_an_uninstall_drops_it(self):
        self.env.cr.execute("DROP TABLE x_planned CASCADE")
        self.env.cr.execute("SELECT 1 FROM pg_proc WHERE proname = 'x_planned_names'")
        self.assertFalse(self.env.cr.fetchall())
