"""Every search view of a model: does each filter, each grouping and each search field work?"""

import time

from lxml import etree

TYPED = "abc"  # into each search field; fewer letters are too few for telephone numbers
TEXTS = {"char", "text", "many2one", "one2many", "many2many", "html", "reference"}


def prepare_users(env):
    """People who click: their passwords are their logins.

    :return: their logins
    """
    for login, groups in {
        "rep": ("sales_team.group_sale_salesman", "base.group_partner_manager"),
        "bookkeeper": ("account.group_account_invoice", "base.group_partner_manager"),
    }.items():
        env["res.users"].create(
            {
                "name": login.capitalize(),
                "login": login,
                "password": login,
                "email": f"{login}@example.com",
                "group_ids": [env.ref(group).id for group in groups],
                "tour_enabled": False,
            }
        )
    env.cr.commit()
    return ["admin", "rep", "bookkeeper"]


def try_all(env, addon, models):
    """Search with each filter and group by each grouping, as the server is asked by a browser.

    :param addon: all its models are tried
    :param models: others that are tried, as the administrator: in Odoo's own views are filters
        that not everybody may use
    :return: [number of things tried, what went wrong as texts]
    """
    ours = {
        name
        for name, model in env.registry.items()
        if model._original_module == addon and not model._abstract and not model._transient
    }
    views = env["ir.ui.view"].search([("type", "=", "search"), ("mode", "=", "primary")])
    tried, problems = 0, []
    for login in ("admin", "rep", "bookkeeper"):
        user_env = env(user=env["res.users"].search([("login", "=", login)]).id)
        for name in sorted(ours | (set(models) if login == "admin" else set())):
            if not user_env[name].has_access("read"):
                continue
            for view_id in views.filtered(lambda view, n=name: view.model == n).ids or [False]:
                for what, attempt in _attempts(user_env[name], view_id):
                    tried += 1
                    try:
                        with env.cr.savepoint():
                            attempt()
                    except Exception as problem:  # noqa: BLE001  (all of them are reported)
                        problems.append(f"{name}, view {view_id}, {what}, as {login}: {problem!r}")
    return [tried, problems]


def _attempts(model, view_id):
    """:return: (what it is, a function that does it) for everything in a search view"""

    def search(domain):
        return lambda: model.search_read(_evaluate(model, domain), ["id"], limit=1)

    root = etree.fromstring(model.get_view(view_id, "search")["arch"])
    for node in root.iter("filter"):
        what = f"filter {node.get('name') or node.get('string')}"
        if node.get("domain"):
            yield what, search(node.get("domain"))
        if node.get("date"):
            yield what, lambda n=node: _group(model, f"{n.get('date')}:month")
        groups = _evaluate(model, node.get("context") or "{}").get("group_by") or ()
        for group in [groups] if isinstance(groups, str) else groups:
            yield what, lambda g=group: _group(model, g)
    for node in root.iter("field"):
        name = node.get("name")
        field = model._fields[name]
        if node.get("invisible") in ("1", "True"):
            continue  # for the groupings of properties only
        if node.getparent().tag == "searchpanel":
            select = "multi_range" if node.get("select") == "multi" else "range"
            panel = getattr(model, f"search_panel_select_{select}")
            yield f"panel {name}", lambda p=panel, n=name: p(n)
        elif node.get("filter_domain"):
            yield f"field {name}", search(node.get("filter_domain"))
        # Odoo's own views show some fields to people who may not use them.
        elif field.type in TEXTS and (
            not field.comodel_name or model.env[field.comodel_name].has_access("read")
        ):
            yield f"field {name}", search(repr([(name, node.get("operator") or "ilike", TYPED)]))


def _group(model, group):
    field = model._fields[group.split(":")[0].split(".")[0]]
    if field.type == "properties":
        return  # grouped by a property of the user's choice
    if field.type in ("date", "datetime") and ":" not in group:
        group = f"{group}:month"
    for found in model.formatted_read_group([], [group], ["__count"])[:3]:
        model.search_read(found["__extra_domain"], ["id"], limit=1)


def _evaluate(model, expression):
    """:return: what a browser makes of a domain or a context"""
    from odoo.fields import Date  # noqa: PLC0415
    from odoo.tools import safe_eval  # noqa: PLC0415

    today = Date.today()
    return safe_eval.safe_eval(
        expression,
        {
            "uid": model.env.uid,
            "self": TYPED,
            "context": dict(model.env.context),
            "allowed_company_ids": model.env.companies.ids,
            "current_company_id": model.env.company.id,
            "context_today": lambda: today,
            "current_date": str(today),
            "today": str(today),
            "now": time.strftime("%Y-%m-%d %H:%M:%S"),
            "datetime": safe_eval.datetime,
            "time": safe_eval.time,
            "relativedelta": safe_eval.dateutil.relativedelta.relativedelta,
            "active_id": False,
            "active_ids": [],
        },
    )
