from odoo.tools import SQL


class PlannedQuery:
    """A query that is a function of the database.

    PostgreSQL plans whatever Odoo sends anew; for a query that joins a dozen tables to answer for
    one record, that is most of its work. What a function asks it plans once a connection.
    """

    def __init__(self, name, arguments, columns, query):
        """Describe the function; :meth:`install` makes it.

        :param name: of the function
        :param arguments: SQL of their names and types; the query uses these names, which no column
            of it has
        :param columns: SQL of their names and types, exactly those of the query
        :param query: SQL
        """
        self.name = SQL.identifier(name)
        self.arguments = arguments
        self.columns = columns
        self.query = query

    def install(self, model):
        """Make the function, or make it anew.

        :param model: who calls this in its ``init``; the function is removed with its table
        """
        cr = model.env.cr
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s", self.name))
        # an argument of the type of the table, which nobody gives: what makes the function go with
        # it; one plan, whatever the arguments, or PostgreSQL may still plan each time; and never
        # compiled, which guesses about unknown arguments would make it be
        cr.execute(
            SQL(
                """
                CREATE FUNCTION %(name)s (%(arguments)s, bound_to %(table)s DEFAULT NULL)
                RETURNS TABLE (%(columns)s)
                LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET jit = off
                AS $function$
                #variable_conflict use_column
                BEGIN
                    RETURN QUERY %(query)s;
                END $function$
                """,
                name=self.name,
                table=SQL.identifier(model._table),
                arguments=self.arguments,
                columns=self.columns,
                query=self.query,
            )
        )

    def call(self, *values):
        """SQL that stands for the rows, in FROM.

        :param values: of its arguments in their order, plain or SQL
        """
        return SQL("%s(%s)", self.name, SQL(", ").join(SQL("%s", value) for value in values))

    def get_rows(self, env, *values):
        """The rows as dicts; what the query reads has to be flushed before.

        :param values: as of :meth:`call`
        """
        return env.execute_query_dict(SQL("SELECT * FROM %s", self.call(*values)))
