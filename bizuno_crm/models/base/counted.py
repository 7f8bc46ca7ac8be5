"""A page of rows and how many there are, asked for at once."""

from odoo.tools import SQL


def search_read_counted(model, domain, specification, offset, limit, order, count_limit):
    """As Odoo's `web_search_read`, which looks for the rows of a page and then counts them: where
    it takes long to find them, it is done once.

    :param specification: what is read of the rows; the others are as Odoo's
    :return: {"length": how many there are, up to count_limit, "records": those of the page}
    """
    query = model._search(domain, offset=offset, limit=limit, order=order or model._order)
    columns = (SQL.identifier(model._table, "id"), SQL("COUNT(*) OVER ()"))
    rows = [] if query.is_empty() else model.env.execute_query(query.select(*columns))
    count = rows[0][1] if rows else 0
    return {
        "length": min(count, count_limit) if count_limit else count,
        "records": model.browse(row[0] for row in rows).web_read(specification),
    }
