"""The SQL of which lines of documents are on projects, for any number of them at once; what
`logic.project_lines` says of one distribution."""

from odoo.tools import SQL

# Whether the distribution of `line` names the account of `project`: written as the index that Odoo
# has of it.
_NAMES_ACCOUNT = SQL(
    r"""
    regexp_split_to_array(
        jsonb_path_query_array(line.analytic_distribution, '$.keyvalue()."key"')::text, '\D+'
    ) && ARRAY[project.analytic_account_id::text]
    """
)

# What a line says that is on `project` and nothing else.
WHOLE = SQL("jsonb_build_object(project.analytic_account_id::text, 100)")


def share_sql(whole=WHOLE):
    """What part of `line` is on `project`: a query of one row, share (1 is all of it). Most lines
    are on it and nothing else, which is seen without taking the distribution apart.

    :param whole: `WHOLE`, or where it has been worked out already
    """
    return SQL(
        """
        SELECT CASE WHEN line.analytic_distribution = %(whole)s
               THEN 1
               ELSE (SELECT SUM(entry.value::numeric) / 100
                       FROM jsonb_each_text(line.analytic_distribution) entry
                      WHERE project.analytic_account_id::text
                            = ANY(string_to_array(entry.key, ',')))
               END AS share
        """,
        whole=whole,
    )


def is_of_company_sql(company):
    """Whether what is of this company belongs to `project`: of its own company or a branch of it.
    An account without company has items of others, too, in other currencies, and nobody who sees
    the project need see them. What `bizuno.project._get_company_domain` says.

    :param company: id of the company of an item or a line, an SQL expression
    """
    return SQL(
        """
        (%(company)s = project.company_id OR EXISTS (
            SELECT FROM res_company own
              JOIN res_company branch ON starts_with(branch.parent_path, own.parent_path)
             WHERE own.id = project.company_id AND branch.id = %(company)s))
        """,
        company=company,
    )


# Whether `line` is on `project`.
ON_PROJECT = SQL("%s AND %s", _NAMES_ACCOUNT, is_of_company_sql(SQL("line.company_id")))
