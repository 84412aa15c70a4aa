from collections import defaultdict

from psycopg2.errors import UniqueViolation

from odoo.tools import SQL, mute_logger


class ReferenceMover:
    """Points everything that refers to one record at another one of the same model.

    It writes with SQL. A merge tells that two records were one all along: no document changes what
    it says, so rules about closed documents, tracking and logs do not apply. What is computed from
    the references is computed anew, but for what a person may have written, and the decisions that
    ``frozen`` names.

    Where the other record has such a row already, by a unique constraint (a line of the same
    request, a meter of the same type), the two rows are merged in the same way.
    """

    def __init__(self, env, frozen=()):
        """:param frozen: fields (of any model) that keep their value although they depend on a
        reference that moves"""
        self.env = env(su=True)
        self.frozen = frozen
        self.fields_by_key = {}
        self.moved = defaultdict(set)  # {field: ids of the rows that refer to another record now}
        self.kept = []  # rows that could not be moved: they stay with their record

    def merge(self, source, target):
        """Move all that refers to ``source``; compute what depends on it."""
        self.env.flush_all()
        self._move_all(source, target)
        self._recompute(source)

    def _move_all(self, source, target):
        for field in self._get_fields("many2one", source._name):
            self._move_many2one(field, source, target)
        for field in self._get_fields("many2many", source._name):
            self._move_many2many(field, source, target)
        for field in source._fields.values():
            if field.type == "many2many" and field.store:
                self._copy_many2many(field, source, target)
        for field in self._get_fields("many2one_reference"):
            self._move_reference(field, source, target)

    def _get_fields(self, kind, comodel=None):
        """Stored fields that may refer to records of ``comodel``; wizards forget by themselves."""
        key = (kind, comodel)
        if key not in self.fields_by_key:
            self.fields_by_key[key] = [
                field
                for model in self.env.values()
                if model._auto and not model._abstract and not model._transient
                for field in model._fields.values()
                if field.type == kind
                and field.comodel_name == comodel
                and _is_own_column(model, field)
            ]
        return self.fields_by_key[key]

    def _move_many2one(self, field, source, target):
        model = self.env[field.model_name]
        rows = self._select(
            SQL(
                "SELECT id FROM %s WHERE %s = %s",
                SQL.identifier(model._table),
                SQL.identifier(field.name),
                source.id,
            )
        )
        if model._name == target._name and target.id in rows:
            # a record that would refer to itself refers to nothing
            rows.remove(target.id)
            self._write(field, [target.id], None)
            self.moved[field].add(target.id)
        self._move_rows(field, rows, target)

    def _move_reference(self, field, source, target):
        model = self.env[field.model_name]
        # the image of a record is no document of it
        condition = SQL("res_field IS NULL") if "res_field" in model._fields else SQL("TRUE")
        rows = self._select(
            SQL(
                "SELECT id FROM %s WHERE %s = %s AND %s = %s AND %s",
                SQL.identifier(model._table),
                SQL.identifier(field.model_field),
                source._name,
                SQL.identifier(field.name),
                source.id,
                condition,
            )
        )
        self._move_rows(field, rows, target)

    def _move_rows(self, field, rows, target):
        """Move rows together, or one by one where the target has some of them already."""
        if not rows or not self._try_to_write(field, rows, target):
            return
        for row_id in rows:
            index = self._try_to_write(field, [row_id], target)
            if index:
                row = self.env[field.model_name].browse(row_id)
                twin = self._find_twin(row, field, index, target)
                if twin:
                    self.absorb(row, twin)
                else:
                    self.kept.append(row)

    def _try_to_write(self, field, rows, target):
        """Move rows; return the name of the unique index that refuses it, if one does."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint(flush=False):
                self._write(field, rows, target.id)
        except UniqueViolation as error:
            return error.diag.constraint_name
        self.moved[field].update(rows)
        return None

    def _write(self, field, rows, value):
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id IN %s",
                SQL.identifier(self.env[field.model_name]._table),
                SQL.identifier(field.name),
                value,
                tuple(rows),
            )
        )

    def absorb(self, row, twin):
        """Move all that refers to a row to its twin, and delete the row."""
        kept_before = len(self.kept)
        self._move_all(row, twin)
        if len(self.kept) > kept_before:
            self.kept.append(row)
            return
        self.env.cr.execute(SQL("DELETE FROM %s WHERE id = %s", SQL.identifier(row._table), row.id))
        for field, ids in self.moved.items():
            if field.model_name == row._name:
                ids.discard(row.id)

    def _find_twin(self, row, field, index, target):
        """The row of ``target`` that a unique index refuses to have twice."""
        self.env.cr.execute(
            SQL(
                """
                SELECT pg_get_indexdef(pg_index.indexrelid, key.number, true),
                       pg_get_expr(pg_index.indpred, pg_index.indrelid, true)
                  FROM pg_index
                  JOIN pg_class ON pg_class.oid = pg_index.indexrelid
                 CROSS JOIN generate_series(1, pg_index.indnkeyatts) key (number)
                 WHERE pg_class.relname = %s
                """,
                index,
            )
        )
        keys, conditions = zip(*self.env.cr.fetchall(), strict=True)
        others = [_raw_sql(key) for key in keys if key != field.name]
        if len(others) == len(keys):
            return None  # the reference is inside an expression
        twins = self._select(
            SQL(
                """
                SELECT id
                  FROM %(table)s
                 WHERE id != %(row)s AND %(column)s = %(target)s AND %(condition)s
                   AND (%(others)s) = (SELECT %(others)s FROM %(table)s WHERE id = %(row)s)
                """,
                table=SQL.identifier(row._table),
                column=SQL.identifier(field.name),
                row=row.id,
                target=target.id,
                condition=_raw_sql(conditions[0] or "TRUE"),
                others=SQL(", ").join(others or [SQL("1")]),
            )
        )
        return row.browse(twins[:1])

    def _move_many2many(self, field, source, target):
        """Relations that other records have to ``source``."""
        linked = self._replace_in_relation(
            field.relation, field.column2, field.column1, source, target
        )
        self.moved[field].update(linked)

    def _copy_many2many(self, field, source, target):
        """What ``source`` itself names: tags and the like."""
        if self._replace_in_relation(field.relation, field.column1, field.column2, source, target):
            self.moved[field].add(target.id)

    def _replace_in_relation(self, relation, column, other, source, target):
        table, column, other = (SQL.identifier(name) for name in (relation, column, other))
        linked = self._select(
            SQL("DELETE FROM %s WHERE %s = %s RETURNING %s", table, column, source.id, other)
        )
        for other_id in linked:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s, %s) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    table,
                    column,
                    other,
                    target.id,
                    other_id,
                )
            )
        return linked

    def _recompute(self, source):
        """Compute what depends on the references that moved, here and at the record left."""
        self.env.invalidate_all(flush=False)
        rows_by_model = defaultdict(set)
        for field, ids in self.moved.items():
            rows_by_model[field.model_name] |= ids
        kept = [
            (self._get_kept_fields(name), self.env[name].browse(ids))
            for name, ids in rows_by_model.items()
        ]
        with self.env.protecting(kept):
            for field, ids in self.moved.items():
                self.env[field.model_name].browse(ids).modified([field.name])
        inverses = (inv for field in self.moved for inv in self.env.registry.field_inverses[field])
        source.modified([inv.name for inv in inverses if inv.model_name == source._name])
        self.moved.clear()
        self.env.flush_all()

    def _get_kept_fields(self, model_name):
        """What a person may have written, and the decisions of the past."""
        editable = [
            field
            for field in self.env[model_name]._fields.values()
            if field.compute and field.store and not field.readonly
        ]
        return editable + [field for field in self.frozen if field.model_name == model_name]

    def _select(self, query):
        self.env.cr.execute(query)
        return [row[0] for row in self.env.cr.fetchall()]


def _raw_sql(text):
    """What PostgreSQL itself wrote about one of its indexes."""
    return SQL(text.replace("%", "%%"))


def _is_own_column(model, field):
    """Whether a field keeps what it refers to, other than as a copy of another field."""
    copied = field.related and field.readonly
    if field.type == "many2one_reference" and not model._fields[field.model_field].store:
        return False
    return field.store and not field.company_dependent and not copied
