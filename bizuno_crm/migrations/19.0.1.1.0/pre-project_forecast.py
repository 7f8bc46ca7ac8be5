from odoo.tools import SQL

PROBABILITIES = {
    "n": 10, "c": 20, "p": 30, "f": 40, "q": 60, "s": 90, "e": 95, "d": 95, "x": 100, "z": 0,
}  # fmt: skip
OTHERS = 50


def migrate(cr, version):
    """The stages have probabilities before the projects take them over: those of the addon, found
    by their external names whatever they are called by now, have those of a new installation."""
    cr.execute(SQL("ALTER TABLE bizuno_project_stage ADD COLUMN IF NOT EXISTS probability numeric"))
    for code, probability in PROBABILITIES.items():
        cr.execute(
            SQL(
                """
                UPDATE bizuno_project_stage stage SET probability = %s
                  FROM ir_model_data data
                 WHERE data.module = 'bizuno_crm' AND data.model = 'bizuno.project.stage'
                   AND data.name = %s AND data.res_id = stage.id AND stage.probability IS NULL
                """,
                probability,
                f"project_stage_{code}",
            )
        )
    cr.execute(
        SQL("UPDATE bizuno_project_stage SET probability = %s WHERE probability IS NULL", OTHERS)
    )
