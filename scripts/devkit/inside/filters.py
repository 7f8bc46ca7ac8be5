"""Every search view of a model: does each filter, each grouping and each search field work?"""

import datetime
import time

from lxml import etree

TYPED = "abc"  # into each search field; fewer letters are too few for telephone numbers


def prepare_users(env):
    """People who click: their passwords are their logins.

    :return: their logins
    """
    env.ref("base.user_admin").tour_enabled = False
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
    tried, problems = 0, []
    for login in ("admin", "rep", "bookkeeper"):
        user_env = env(user=env["res.users"].search([("login", "=", login)]).id)
        for name in sorted(ours | (set(models) if login == "admin" else set())):
            if not user_env[name].has_access("read"):
                continue
            for view_id in _search_views(env, name):
                for what, attempt in _attempts(user_env[name], view_id):
                    tried += 1
                    try:
                        with env.cr.savepoint():
                            attempt()
                    except Exception as problem:  # noqa: BLE001  (all of them are reported)
                        problems.append(f"{name}, view {view_id}, {what}, as {login}: {problem!r}")
    return [tried, problems]


def _search_views(env, model):
    views = env["ir.ui.view"].search(
        [("model", "=", model), ("type", "=", "search"), ("mode", "=", "primary")]
    )
    return views.ids or [False]


def _attempts(model, view_id):
    """:return: (what it is, a function that does it) for everything in a search view"""
    root = etree.fromstring(model.get_view(view_id, "search")["arch"])
    for node in root.iter("filter"):
        what = f"filter {node.get('name') or node.get('string')}"
        if node.get("domain"):
            yield what, lambda n=node: _search(model, _evaluate(model, n.get("domain")))
        if node.get("date"):
            field = f"{node.get('date')}:month"
            yield what, lambda f=field: model.formatted_read_group([], [f], ["__count"])
        group = _evaluate(model, node.get("context") or "{}").get("group_by")
        for one in [group] if isinstance(group, str) else group or ():
            yield what, lambda g=one: _group(model, g)
    for node in root.iter("field"):
        field = node.get("name")
        if node.get("invisible") in ("1", "True"):
            continue  # for the groupings of properties only
        if node.getparent().tag == "searchpanel":
            select = "multi_range" if node.get("select") == "multi" else "range"
            yield (
                f"panel {field}",
                lambda f=field, s=select: getattr(model, f"search_panel_select_{s}")(f),
            )
        elif node.get("filter_domain"):
            yield (
                f"field {field}",
                lambda n=node: _search(model, _evaluate(model, n.get("filter_domain"), self=TYPED)),
            )
        else:
            operator = node.get("operator") or "ilike"
            kind = model._fields[field].type
            comodel = model._fields[field].comodel_name
            if comodel and not model.env[comodel].has_access("read"):
                continue  # Odoo's own views show some fields to people who may not use them
            if kind in ("char", "text", "many2one", "one2many", "many2many", "html", "reference"):
                yield (
                    f"field {field}",
                    lambda f=field, o=operator: _search(model, [(f, o, TYPED)]),
                )


def _search(model, domain):
    model.search_read(domain, ["id"], limit=1)


def _group(model, group):
    field = model._fields[group.split(":")[0].split(".")[0]]
    if field.type == "properties":
        return  # grouped by a property of the user's choice
    if field.type in ("date", "datetime") and ":" not in group:
        group = f"{group}:month"
    groups = model.formatted_read_group([], [group], ["__count"])
    for one in groups[:3]:
        _search(model, one["__extra_domain"])


def _evaluate(model, expression, **names):
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415
    from odoo.tools.safe_eval import datetime as safe_datetime  # noqa: PLC0415
    from odoo.tools.safe_eval import safe_eval  # noqa: PLC0415
    from odoo.tools.safe_eval import time as safe_time  # noqa: PLC0415

    today = datetime.date.today()
    return safe_eval(
        expression,
        {
            "uid": model.env.uid,
            "context": dict(model.env.context),
            "allowed_company_ids": model.env.companies.ids,
            "current_company_id": model.env.company.id,
            "context_today": lambda: today,
            "current_date": str(today),
            "today": str(today),
            "now": time.strftime("%Y-%m-%d %H:%M:%S"),
            "datetime": safe_datetime,
            "time": safe_time,
            "relativedelta": relativedelta,
            "active_id": False,
            "active_ids": [],
            **names,
        },
    )
