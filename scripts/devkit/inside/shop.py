"""Customers and products of a web shop, and what its orders must have become.

The customers are companies; who logs in and buys is a person of each, whose password is the login.
"""

import re

POLICIES = ("block", "approval")
LIMIT = 43.21  # so odd that it is found on a page that must not show it
REASON = "Cheque returned"
APPROVER = "shop.approver"
HELD = ("held", "free")
LOGINS = (*HELD, "prepaying", "waiting", "asking", "good")


def prepare(env):
    """A shop with two ways to pay, and customers of every kind under the policy "block".

    :return: {"paid": path of a product, "free": path of one that costs nothing}
    """
    env = env(user=env.ref("base.user_admin"), context={"no_reset_password": True})
    env.company.credit_policy = "block"
    _ways_to_pay(env)
    # What comes with an e-mail is not looked at here, and takes its time.
    env["mail.template"].search([("model", "=", "sale.order")]).report_template_ids = False
    # That of the customer comes after it.
    env["website"].search([]).salesperson_id = False
    for login in LOGINS:
        _customer(env, login)
    env["res.users"].create(
        {
            "name": "Approving Person",
            "login": APPROVER,
            "email": f"{APPROVER}@example.com",
            # who can open the orders of all
            "group_ids": [
                env.ref("bizuno_crm.group_credit_approver").id,
                env.ref("sales_team.group_sale_salesman_all_leads").id,
            ],
        }
    )
    products = env["product.template"].create(
        [
            {"name": name, "list_price": price, "type": "service", "website_published": True}
            for name, price in (("Shop Pump", 100), ("Shop Leaflet", 0))
        ]
    )
    env.cr.commit()
    return dict(zip(("paid", "free"), products.mapped("website_url"), strict=True))


def _ways_to_pay(env):
    demo = env.ref("payment.payment_provider_demo")
    transfer = env.ref("payment.payment_provider_transfer")
    # Again from the beginning: the books have come after the providers.
    (demo + transfer).state = "disabled"
    demo.write({"state": "test", "is_published": True})
    transfer.write({"state": "enabled", "is_published": True})
    transfer.payment_method_ids.active = True


def _rep(env):
    return env["res.users"].search([("login", "=", "rep")])


def _customer(env, login):
    address = {
        "street": "1 Quay", "city": "Portland", "zip": "97201", "phone": "+1 503 555 0100",
        "country_id": env.ref("base.us").id, "state_id": env.ref("base.state_us_37").id,
    }  # fmt: skip
    rep = _rep(env)
    company = env["res.partner"].create(
        {
            **address,
            "name": f"{login.capitalize()} Harbour",
            "is_company": True,
            "role_customer": True,
            "user_id": rep.id,
            "email": f"office@{login}.example.com",
        }
    )
    if login != "good":
        company.bizuno_terms = f"0:0:0:30:{LIMIT}"
    if login in HELD:
        company.write({"account_status": "hold", "account_status_reason": REASON})
    person = env["res.partner"].create(
        {**address, "name": f"Ann {login.capitalize()}", "parent_id": company.id,
         "email": f"{login}@example.com"}
    )  # fmt: skip
    env["res.users"].create(
        {
            "partner_id": person.id,
            "login": login,
            "password": login,
            "group_ids": env.ref("base.group_portal").ids,
        }
    )


def check(env, policy, bought):
    """What has become of the orders, and what the sales rep can do with them.

    :param policy: the one they were bought under; the next one is set afterwards
    :param bought: {login: id of an order}
    :return: what is wrong, as texts
    """
    problems = []
    checks = {
        "held": _check_held, "free": _check_held, "prepaying": _check_confirmed,
        "waiting": _check_waiting, "asking": _check_asking, "good": _check_confirmed,
        "guest": _check_confirmed,
    }  # fmt: skip
    for login, order_id in bought.items():
        order = env["sale.order"].browse(order_id)
        problems += [f"{login}: {text}" for text in checks[login](order)]
    env.company.credit_policy = POLICIES[(POLICIES.index(policy) + 1) % len(POLICIES)]
    env.cr.commit()
    return problems


def _check_confirmed(order):
    yield from _differences(order, state="sale")
    yield from _payment_problems(order)


def _check_held(order):
    """Paid, or free, but the customer is on hold: it waits, somebody knows, nobody else does."""
    rep = _rep(order.env)
    yield from _differences(order, state="sent", user_id=rep)
    if order.amount_total:
        yield from _payment_problems(order)
    if order.activity_ids.user_id != rep:
        yield f"the activity is for {order.activity_ids.user_id.mapped('name')}"
    notes = order.message_ids.filtered(lambda message: "credit policy" in message.body)
    if len(notes) != 1 or not notes.subtype_id.internal:
        yield f"{len(notes)} notes say why, or the customer reads them"
    if notes.author_id != order.env.ref("base.partner_root"):
        yield f"{notes.author_id.name} is the author of the note"
    yield from _refusal_problems(order, "is stopped by the credit policy", "is on credit hold")
    order.partner_id.commercial_partner_id.account_status = "active"
    order.with_user(rep).action_confirm()
    yield from _differences(order, state="sale")


def _check_waiting(order):
    yield from _differences(order, state="sent")
    if order.transaction_ids.mapped("state") != ["pending"]:
        yield f"the transfer is {order.transaction_ids.mapped('state')}"
    yield from _refusal_problems(order, "is stopped by the credit policy", "the credit limit")


def _check_asking(order):
    yield from _differences(order, state="sent")
    approvers = order.company_id._get_credit_approvers()
    yield from _refusal_problems(order, "needs a credit approval", approvers[0].name)
    if not order.activity_ids.user_id & approvers:
        yield "no approver was asked"


def _refusal_problems(order, *words):
    """The sales rep confirms, and reads these words."""
    from odoo.exceptions import UserError  # noqa: PLC0415

    rep = _rep(order.env)
    order.env.cr.commit()
    try:
        order.with_user(rep).action_confirm()
    except UserError as refusal:
        for word in words:
            if word not in str(refusal):
                yield f"the rep does not read “{word}”, but: {refusal}"
        if str(LIMIT) in str(refusal):
            yield f"the rep reads the limit: {refusal}"
    else:
        yield "the rep could confirm it"
    # An approver is asked once the refused confirmation is undone.
    order.env.cr.rollback()
    order.env.invalidate_all()


def _payment_problems(order):
    transaction = order.transaction_ids
    if transaction.mapped("state") != ["done"] or not transaction.is_post_processed:
        yield f"the transaction is {transaction.mapped('state')}"
    elif not transaction.payment_id or transaction.payment_id.state == "draft":
        yield "the money is not booked"


def _differences(order, **expected):
    for field, value in expected.items():
        if order[field] != value:
            yield f"{order.name}: {field} is {order[field]}, not {value}"
    mails = order.message_ids.filtered(
        lambda message: order.partner_id in message.notified_partner_ids
    )
    texts = [" ".join(re.sub("<[^>]+>", " ", mail.body).split()) for mail in mails]
    if expected.get("state") == "sent" and any(
        re.search(r"Your order .{0,60}has been confirmed", text) for text in texts
    ):
        yield "an e-mail says that the order is confirmed"
    if order.amount_total and not texts:
        yield "the customer got no e-mail"
