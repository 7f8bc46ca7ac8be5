"""How many invoices and bills have lines on projects, and what the invoices come to."""

from odoo.tools import SQL

from ..crm import project_lines


def sum_up(projects, moves):
    """
    :param projects: `bizuno.project`
    :param moves: the query of the documents that count
    :return: {(id of a project, type): (number, what the lines of posted ones have on the project
        in company currency, revenue above zero)}
    """
    if not projects or moves.is_empty():
        return {}
    env = projects.env
    # By their ids, one at a time: there may be many more than are on these projects.
    moves.add_where(SQL("%s = share.move_id", SQL.identifier(moves.table, "id")))
    moves.limit = 1
    plans = projects.sudo().analytic_account_id.root_plan_id
    columns = [plan._strict_column_name() for plan in plans]
    for model, names in (
        ("bizuno.project", ["analytic_account_id", "company_id"]),
        (
            "account.move.line",
            [
                "analytic_distribution", "balance", "company_id", "display_type", "move_id",
                "parent_state",
            ],
        ),
        ("account.analytic.line", ["amount", "move_line_id", *columns]),
    ):  # fmt: skip
        env[model].flush_model(names)
    rows = env.execute_query(SQL(
        """
        SELECT share.project_id, move.move_type, COUNT(*),
               SUM(share.amount) FILTER (WHERE move.state = 'posted')
          FROM (SELECT project.id AS project_id, line.move_id,
                       -- of a whole line what is booked, of a part of one what its items are
                       -- rounded to
                       SUM(CASE WHEN part.share = 1 THEN -line.balance
                                ELSE (SELECT SUM(item.amount) FROM account_analytic_line item
                                       WHERE item.move_line_id = line.id AND %(is_item)s)
                           END) AS amount
                  FROM bizuno_project project
                  -- once for each project, not for each of its lines
                  JOIN LATERAL (
                        SELECT %(whole)s AS distribution
                         WHERE project.analytic_account_id IS NOT NULL
                        OFFSET 0
                       ) whole ON TRUE
                  JOIN account_move_line line ON %(on_project)s
                  JOIN LATERAL (%(part)s) part ON TRUE
                 WHERE project.id IN %(projects)s AND line.display_type = 'product'
                   AND line.parent_state <> 'cancel'
                 GROUP BY project.id, line.move_id) share
          JOIN LATERAL (%(move)s) move ON TRUE
         GROUP BY share.project_id, move.move_type
        """,
        on_project=project_lines.ON_PROJECT,
        whole=project_lines.WHOLE,
        part=project_lines.share_sql(SQL("whole.distribution")),
        # an account is in the column of its own plan only
        is_item=SQL(
            "project.analytic_account_id IN (%s)",
            SQL(", ").join([SQL("NULL"), *(SQL.identifier("item", column) for column in columns)]),
        ),
        projects=tuple(projects.ids),
        move=moves.select(
            *(SQL.identifier(moves.table, name) for name in ("move_type", "state"))
        ),
    ))  # fmt: skip
    return {
        (project_id, move_type): (number, amount or 0.0)
        for project_id, move_type, number, amount in rows
    }
