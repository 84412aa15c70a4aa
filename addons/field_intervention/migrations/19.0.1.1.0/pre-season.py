def migrate(cr, version):
    """A season was a first and a last month; now it is any months."""
    cr.execute("ALTER TABLE service_plan ADD COLUMN season varchar")
    cr.execute(
        """
        UPDATE service_plan
           SET season = season_from || '-' || season_to
         WHERE season_from IS NOT NULL
        """
    )
