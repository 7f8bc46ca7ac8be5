from odoo.tools import SQL


def migrate(cr, version):
    """Codes that differ by blanks alone are one code for the unique index from now on: the newer
    one gets its id behind it."""
    for table in ("bizuno_market", "bizuno_project_stage", "bizuno_action_code"):
        cr.execute(
            SQL(
                """
                UPDATE %(table)s AS newer SET code = btrim(newer.code) || ' ' || newer.id
                 WHERE EXISTS (SELECT 1 FROM %(table)s AS older
                                WHERE lower(btrim(older.code)) = lower(btrim(newer.code))
                                  AND older.id < newer.id)
                """,
                table=SQL.identifier(table),
            )
        )
        cr.execute(
            SQL(
                "UPDATE %(table)s SET code = btrim(code) WHERE code <> btrim(code)",
                table=SQL.identifier(table),
            )
        )
