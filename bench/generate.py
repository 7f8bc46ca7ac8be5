"""A ledger of any size, always the same one: customers with open, part-paid, credited and paid
invoices. Rows are multiplied from a few that Odoo itself made, in set-based SQL, and written in the
order of their days, as a company writes them."""

import random
from datetime import date, timedelta

SIZES = {  # customers, open items; as many paid invoices besides
    "small": (2_000, 20_000),
    "medium": (20_000, 200_000),
    "large": (100_000, 1_000_000),
}
SEED = 0.42
PREFIXES = {"sale": "INV", "refund": "RINV"}
OFFSET = 1000
LARGEST = 7  # the number of a customer


def prepare(env):
    """A chart of accounts, and one row of each kind to be multiplied; through the ORM.

    :return: {name: id} of those rows
    """
    from odoo.fields import Command  # noqa: PLC0415  (Odoo's path is set by the caller)

    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    random.seed(SEED)
    customer = env["res.partner"].create({"name": "Template", "customer_rank": 1})
    today = date.today()

    def invoice(move_type):
        move = env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": customer.id,
                "invoice_date": today - timedelta(days=40),
                "invoice_date_due": today - timedelta(days=10),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": 100, "tax_ids": []})
                ],
            }
        )
        move.action_post()
        return move

    sale, refund = invoice("out_invoice"), invoice("out_refund")
    receivable = sale.line_ids.filtered(lambda line: line.display_type == "payment_term").account_id
    bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
    payment = env["account.move"].create(
        {
            "date": today - timedelta(days=5),
            "journal_id": bank.id,
            "line_ids": [
                Command.create(
                    {"account_id": receivable.id, "partner_id": customer.id, "credit": 40}
                ),
                Command.create({"account_id": bank.default_account_id.id, "debit": 40}),
            ],
        }
    )
    payment.action_post()
    lines = (sale + payment).line_ids.filtered(lambda line: line.account_id == receivable)
    lines.reconcile()
    env.flush_all()

    def line_of(move, is_receivable):
        return move.line_ids.filtered(
            lambda line: (line.account_id == receivable) == is_receivable
        ).id

    return {
        "partner": customer.id,
        "sale": sale.id,
        "refund": refund.id,
        "payment": payment.id,
        "sale_due": line_of(sale, True),
        "sale_revenue": line_of(sale, False),
        "refund_due": line_of(refund, True),
        "refund_revenue": line_of(refund, False),
        "payment_due": line_of(payment, True),
        "payment_bank": line_of(payment, False),
        "partial": env["account.partial.reconcile"].search([], order="id desc", limit=1).id,
    }


def generate(cr, templates, customers, items, of_the_largest=0):
    """Fill the database.

    :param templates: what `prepare` returns; with "reps", ids of users, the invoices are theirs;
        with "document", the id of an `account.payment`, payments are such documents
    :param cr: a psycopg2 cursor of a PostgreSQL superuser (no row is checked one by one)
    :param items: how many documents are open; as many besides are paid
    :param of_the_largest: at least so many documents are of one customer, `LARGEST`
    """
    cr.execute("SET session_replication_role = replica")
    cr.execute("SELECT setseed(%s)", [SEED])
    first_partner = _next_id(cr, "res_partner")
    _multiply(
        cr, "res_partner", templates["partner"], f"generate_series(1, {customers}) n",
        id=f"{first_partner} + n", name="'Customer ' || n", complete_name="'Customer ' || n",
        commercial_partner_id=f"{first_partner} + n", ref="'B' || n",
        **templates.get("customer", {}),
    )  # fmt: skip
    # One row per document, in the order of days: what it is, whose, when, how much, and what of it
    # is paid when.
    partner = f"({first_partner} + 1 + (n::bigint * 7919) %% {customers})::integer"
    if of_the_largest:
        every = items * 2 // of_the_largest
        partner = f"CASE WHEN n %% {every} = 0 THEN {first_partner} + {LARGEST} ELSE {partner} END"
    cr.execute(
        f"""
        CREATE TEMP TABLE document AS
        SELECT n, partner, kind, posted, posted + (random() * 60)::integer AS due, amount,
               CASE WHEN kind = 'paid' THEN amount
                    WHEN kind = 'part' THEN round(amount * 0.4, 2) ELSE 0 END AS paid,
               LEAST(posted + (random() * 80)::integer, CURRENT_DATE) AS paid_on
          FROM (
                SELECT row_number() OVER (ORDER BY posted, partner, n) AS n,
                       partner, kind, posted, amount
                  FROM (
                        SELECT n,
                               {partner} AS partner,
                               CASE WHEN n > %(items)s THEN 'paid' WHEN n %% 20 = 0 THEN 'refund'
                                    WHEN n %% 6 = 0 THEN 'part' ELSE 'open' END AS kind,
                               CURRENT_DATE - (random() * 400)::integer AS posted,
                               round((10 + random() * 1990)::numeric, 2) AS amount
                          FROM generate_series(1, %(items)s * 2) n
                       ) drawn
               ) numbered
         ORDER BY n
        """,
        {"items": items},
    )
    cr.execute("ANALYZE document")
    for kinds, template in (("('open', 'part', 'paid')", "sale"), ("('refund')", "refund")):
        _invoices(cr, templates, template, kinds)
    _payments(cr, templates)
    for table in ("res_partner", "account_move", "account_move_line", "account_partial_reconcile"):
        cr.execute(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")
        cr.execute(f"ANALYZE {table}")
    cr.execute("SET session_replication_role = DEFAULT")


def _invoices(cr, templates, template, kinds):
    sign = -1 if template == "refund" else 1
    first = _next_id(cr, "account_move")
    rows = f"(SELECT * FROM document WHERE kind IN {kinds} ORDER BY n) d"
    _multiply(
        cr, "account_move", templates[template], rows, id=f"{first} + n",
        partner_id="partner", commercial_partner_id="partner", partner_shipping_id="partner",
        name=_number(template), sequence_number=f"n + {OFFSET}", date="posted",
        sequence_prefix=f"'{PREFIXES[template]}/' || extract(year FROM posted) || '/'",
        invoice_date="posted", invoice_date_due="due", amount_total="amount",
        amount_untaxed="amount", amount_residual="amount - paid",
        amount_untaxed_signed=f"{sign} * amount", amount_total_signed=f"{sign} * amount",
        amount_residual_signed=f"{sign} * (amount - paid)", access_token="NULL",
        payment_state="CASE WHEN kind = 'paid' THEN 'paid' WHEN kind = 'part' THEN 'partial'"
        " ELSE 'not_paid' END",
        **({"invoice_user_id": f"(ARRAY{templates['reps']})[1 + n %% {len(templates['reps'])}]"}
           if "reps" in templates else {}),
    )  # fmt: skip
    first_line = _next_id(cr, "account_move_line")
    common = {
        "move_id": f"{first} + n", "partner_id": "partner", "date": "posted",
        "invoice_date": "posted", "move_name": _number(template),
        "full_reconcile_id": "NULL", "matching_number": "NULL",
    }  # fmt: skip
    _multiply(
        cr, "account_move_line", templates[f"{template}_due"], rows, id=f"{first_line} + 2 * n",
        date_maturity="due", **_amounts(sign), amount_residual=f"{sign} * (amount - paid)",
        amount_residual_currency=f"{sign} * (amount - paid)", reconciled="amount = paid", **common,
    )  # fmt: skip
    _multiply(
        cr, "account_move_line", templates[f"{template}_revenue"], rows,
        id=f"{first_line} + 2 * n + 1", **_amounts(-sign), **common,
    )  # fmt: skip
    if template == "sale":
        cr.execute(f"ALTER TABLE document ADD COLUMN line integer; UPDATE document SET line = "
                   f"{first_line} + 2 * n")  # fmt: skip


def _payments(cr, templates):
    first, first_line = _next_id(cr, "account_move"), _next_id(cr, "account_move_line")
    first_payment = _next_id(cr, "account_payment")
    payment = f"{first_payment} + n" if "document" in templates else "NULL"
    rows = """(
        SELECT partner, paid, paid_on, line, row_number() OVER (ORDER BY paid_on, n) AS n
          FROM document WHERE paid > 0 ORDER BY n
    ) d"""
    _multiply(
        cr, "account_move", templates["payment"], rows, id=f"{first} + n", partner_id="partner",
        commercial_partner_id="partner", name="'PAY/' || n", sequence_number="n", date="paid_on",
        amount_total="paid", amount_total_signed="paid", origin_payment_id=payment,
    )  # fmt: skip
    common = {
        "move_id": f"{first} + n", "partner_id": "partner", "date": "paid_on",
        "move_name": "'PAY/' || n", "full_reconcile_id": "NULL", "matching_number": "NULL",
        "payment_id": payment,
    }  # fmt: skip
    _multiply(
        cr, "account_move_line", templates["payment_due"], rows, id=f"{first_line} + 2 * n",
        date_maturity="paid_on", **_amounts(-1, "paid"), amount_residual="0",
        amount_residual_currency="0", reconciled="TRUE", **common,
    )  # fmt: skip
    _multiply(
        cr, "account_move_line", templates["payment_bank"], rows, id=f"{first_line} + 2 * n + 1",
        **_amounts(1, "paid"), **common,
    )  # fmt: skip
    first_partial = _next_id(cr, "account_partial_reconcile")
    _multiply(
        cr, "account_partial_reconcile", templates["partial"], rows, id=f"{first_partial} + n",
        debit_move_id="line", credit_move_id=f"{first_line} + 2 * n", amount="paid",
        debit_amount_currency="paid", credit_amount_currency="paid", max_date="paid_on",
        full_reconcile_id="NULL",
    )  # fmt: skip

    if "document" in templates:
        _multiply(
            cr, "account_payment", templates["document"], rows, id=payment, move_id=f"{first} + n",
            name="'PAY/' || n", date="paid_on", amount="paid", partner_id="partner",
            amount_company_currency_signed="paid",
        )  # fmt: skip
        _settle(cr, "account_payment")


def _number(template):
    """The expression of a document's number, after those that people made."""
    digits = f"lpad((n + {OFFSET})::text, 7, '0')"
    return f"'{PREFIXES[template]}/' || extract(year FROM posted) || '/' || {digits}"


def _amounts(sign, column="amount"):
    debit, credit = (column, "0") if sign > 0 else ("0", column)
    return {
        "debit": debit, "credit": credit, "balance": f"{sign} * {column}",
        "amount_currency": f"{sign} * {column}",
    }  # fmt: skip


def _next_id(cr, table):
    cr.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
    return cr.fetchone()[0]


def _multiply(cr, table, template, rows, **values):
    """INSERT a copy of the template row for each of `rows`, with some values of its own."""
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = [name for (name,) in cr.fetchall()]
    values = {name: value for name, value in values.items() if name in columns}
    chosen = ", ".join(values.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cr.execute(
        f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {table} t, {rows} WHERE t.id = %s",
        [template],
    )


def quotations(cr, template, count):
    """Copies of a quotation with its lines, spread over the customers."""
    cr.execute("SET session_replication_role = replica")
    first = _next_id(cr, "sale_order")
    first_partner, partners = _customers(cr)
    partner = f"{first_partner} + (n::bigint * 7919) %% {partners}"
    _multiply(
        cr, "sale_order", template, f"generate_series(1, {count}) n", id=f"{first} + n",
        name="'S' || lpad((n + 1000)::text, 6, '0')", partner_id=partner, access_token="NULL",
        partner_invoice_id=partner, partner_shipping_id=partner,
        date_order="now() - n * interval '10 minutes'",
    )  # fmt: skip
    cr.execute("SELECT id FROM sale_order_line WHERE order_id = %s ORDER BY id", [template])
    for (line,) in cr.fetchall():
        first_line = _next_id(cr, "sale_order_line")
        _multiply(
            cr, "sale_order_line", line, f"generate_series(1, {count}) n",
            id=f"{first_line} + n", order_id=f"{first} + n", order_partner_id=partner,
        )  # fmt: skip
    _settle(cr, "sale_order", "sale_order_line")


def ours(cr, project, entry, reminder, wait, projects, log, reminders, waits):
    """Copies of a project, a log entry and a reminder, spread over the customers; and quotations
    that wait for an approval."""
    cr.execute("SET session_replication_role = replica")
    first_partner, partners = _customers(cr)
    partner = f"{first_partner} + (n::bigint * 7919) %% {partners}"
    for table, template, count, values in (
        ("bizuno_project", project, projects, {
            "partner_id": partner, "name": "'Project ' || n", "number": "'PX' || n",
            "stage_id": "(SELECT id FROM bizuno_project_stage ORDER BY md5(n::text || id) LIMIT 1)",
        }),
        ("bizuno_contact_log", entry, log, {
            "partner_id": partner, "commercial_partner_id": partner,
            "date": "now() - n * interval '3 minutes'",
        }),
        ("bizuno_reminder", reminder, reminders, {
            "partner_id": partner, "name": "'Call ' || n",
            "date_start": "CURRENT_DATE + (n %% 400)::integer",
            "date_next": "CURRENT_DATE + (n %% 400)::integer",
        }),
    ):  # fmt: skip
        first = _next_id(cr, table)
        _multiply(
            cr, table, template, f"generate_series(1, {count}) n", id=f"{first} + n", **values
        )
        _settle(cr, table)
    cr.execute("SET session_replication_role = replica")
    _multiply(
        cr, "bizuno_credit_wait", wait,
        "(SELECT id AS of_order, name AS number, partner_id AS whose, row_number() OVER () AS n"
        f" FROM sale_order WHERE state = 'draft' ORDER BY id DESC LIMIT {waits}) d",
        id=f"{_next_id(cr, 'bizuno_credit_wait')} + n", order_id="of_order", document="number",
        partner_id="whose", date="now() - n * interval '1 hour'",
    )  # fmt: skip
    _settle(cr, "bizuno_credit_wait")


def _customers(cr):
    """:return: the first id of the generated customers, and how many there are"""
    cr.execute("SELECT min(id), count(*) FROM res_partner WHERE name ~ '^Customer [0-9]+$'")
    return cr.fetchone()


def _settle(cr, *tables):
    for table in tables:
        cr.execute(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")
        cr.execute(f"ANALYZE {table}")
    cr.execute("SET session_replication_role = DEFAULT")
