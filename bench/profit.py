"""What bench_profit.py does inside Odoo: a company with projects and what is booked for them."""

import generate

BOOKKEEPER = "account.group_account_invoice", "base.group_partner_manager"
# Documents of two lines each; a third of them are bills.
LINES = 2
# The project that has many lines, and those that the list shows.
LARGEST, LARGEST_LINES = 7, 2_000


def fill(env, projects, lines):
    """
    :param int projects: how many there are
    :param int lines: how many analytic items they have together
    :return: {"full": id of a project with LARGEST_LINES items, "empty": id of one without}
    """
    from odoo.fields import Command  # noqa: PLC0415  (Odoo's path is set by the caller)

    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    env["res.users"].with_context(no_reset_password=True).create({
        "name": "Bookkeeper Beth", "login": "bookkeeper",
        "group_ids": [env.ref(group).id for group in BOOKKEEPER],
    })  # fmt: skip
    customer = env["res.partner"].create({"name": "Template", "customer_rank": 1})
    # no message in either chatter
    project, empty = (
        env["bizuno.project"]
        .with_context(mail_create_nolog=True)
        .create([{"name": name, "partner_id": customer.id} for name in ("Template", "Empty")])
    )
    (project + empty)._ensure_analytic_account()
    product = env["product.product"].create({"name": "Pump", "invoice_policy": "order"})
    goods = {"product_id": product.id, "price_unit": 100, "tax_ids": [Command.clear()]}
    moves = {
        move_type: env["account.move"].create({
            "move_type": move_type, "partner_id": customer.id, "bizuno_project_id": project.id,
            "invoice_date": "2025-01-01", "invoice_line_ids": [Command.create(goods)] * LINES,
        })
        for move_type in ("out_invoice", "in_invoice")
    }  # fmt: skip
    order = env["sale.order"].create({
        "partner_id": customer.id, "bizuno_project_id": project.id,
        "order_line": [Command.create(goods)] * 3,
    })  # fmt: skip
    order.action_confirm()
    for move in moves.values():
        move.action_post()
    env.flush_all()
    column = project.analytic_account_id.plan_id._column_name()
    env.cr.commit()
    found = _multiply(env.cr._obj, project, empty, moves, order, column, projects, lines)
    env.cr.commit()
    return found


def _multiply(cr, project, empty, moves, order, column, projects, lines):
    cr.execute("SET session_replication_role = replica")
    account = generate._next_id(cr, "account_analytic_account")
    first = generate._next_id(cr, "bizuno_project")
    every = f"generate_series(1, {projects}) n"
    generate._multiply(
        cr, "account_analytic_account", project.analytic_account_id.id, every,
        id=f"{account} + n", code="'PX' || n",
    )  # fmt: skip
    generate._multiply(
        cr, "bizuno_project", project.id, every, id=f"{first} + n", name="'Project ' || n",
        number="'PX' || n", analytic_account_id=f"{account} + n",
        stage_id="(SELECT id FROM bizuno_project_stage ORDER BY md5(n::text || id) LIMIT 1)",
    )  # fmt: skip
    # The number of the project of each document.
    of_largest = LARGEST_LINES // LINES
    whose = (
        f"CASE WHEN n <= {of_largest} THEN {LARGEST} ELSE 1 + (n::bigint * 7919) %% {projects} END"
    )
    for number, move in enumerate(moves.values()):
        kind = "n %% 3 <> 0" if number == 0 else "n %% 3 = 0"
        rows = (
            f"(SELECT n, {whose} AS whose, CURRENT_DATE - (n %% 400)::integer AS day,"
            f" n %% 5 = 0 AS is_open FROM generate_series(1, {lines // LINES}) n WHERE {kind}) d"
        )
        _documents(cr, move, rows, column, account, first)
    sale = generate._next_id(cr, "sale_order")
    generate._multiply(
        cr, "sale_order", order.id, every, id=f"{sale} + n", name="'SX' || n", access_token="NULL",
        bizuno_project_id=f"{first} + n",
    )  # fmt: skip
    for line in order.order_line.ids:
        generate._multiply(
            cr, "sale_order_line", line, every,
            id=f"{generate._next_id(cr, 'sale_order_line')} + n", order_id=f"{sale} + n",
            analytic_distribution=_distribution(f"{account} + n"),
        )  # fmt: skip
    generate._settle(
        cr, "account_analytic_account", "bizuno_project", "account_move", "account_move_line",
        "account_analytic_line", "sale_order", "sale_order_line",
    )  # fmt: skip
    return {"full": first + LARGEST, "empty": empty.id}


def _documents(cr, move, rows, column, account, first):
    """Copies of an invoice or a bill, their items and analytic items."""
    start = generate._next_id(cr, "account_move")
    prefix = f"('{move.move_type}/' || to_char(day, 'YYYY') || '/')"
    open_ = {
        name: f'CASE WHEN is_open THEN t."{name}" ELSE 0 END'
        for name in ("amount_residual", "amount_residual_signed", "amount_residual_currency")
    }
    generate._multiply(
        cr, "account_move", move.id, rows, id=f"{start} + n", access_token="NULL", date="day",
        # numbered by year, so that Odoo finds the next number of each
        name=f"{prefix} || n", sequence_number="n", sequence_prefix=prefix,
        bizuno_project_id=f"{first} + whose", invoice_date="day", invoice_date_due="day + 30",
        payment_state="CASE WHEN is_open THEN 'not_paid' ELSE 'paid' END", **open_,
    )  # fmt: skip
    for line in move.line_ids:
        begin = generate._next_id(cr, "account_move_line")
        is_goods = line.display_type == "product"
        generate._multiply(
            cr, "account_move_line", line.id, rows, id=f"{begin} + n", move_id=f"{start} + n",
            date="day", invoice_date="day", move_name=f"{prefix} || n",
            analytic_distribution=_distribution(f"{account} + whose") if is_goods else "NULL",
            reconciled="NOT is_open", **(open_ if not is_goods else {}),
        )  # fmt: skip
        for item in line.analytic_line_ids.ids:
            generate._multiply(
                cr, "account_analytic_line", item, rows,
                id=f"{generate._next_id(cr, 'account_analytic_line')} + n",
                move_line_id=f"{begin} + n", date="day", **{column: f"{account} + whose"},
            )  # fmt: skip


def _distribution(account):
    return f"jsonb_build_object(({account})::text, 100.0)"
