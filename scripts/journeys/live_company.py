"""Companies that the administrator's journeys are played in: runs in Odoo's shell."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

GROUPS = (
    "base.group_user", "base.group_system", "base.group_partner_manager",
    "account.group_account_manager", "sales_team.group_sale_manager", "base.group_allow_export",
)  # fmt: skip


def without_addon(env):
    """A company with orders, invoices and shared references, and a second one beside it. Odoo has
    not been told of the addon yet."""
    from devkit.inside import fill  # noqa: PLC0415  (the path is set above)

    fill.company_without_addon(env)
    env.ref("base.user_admin").tour_enabled = False
    second = env["res.company"].create({"name": "Second Company"})
    env["account.chart.template"].try_loading("generic_coa", company=second, install_demo=False)
    env.ref("base.user_admin").company_ids |= second
    env["ir.module.module"].search([("name", "=like", "bizuno_crm%")]).unlink()
    env.cr.commit()


def used(env):
    """A company that has used the addon for a while."""
    from devkit.inside import fill  # noqa: PLC0415

    env.ref("base.user_admin").tour_enabled = False
    fill.use_addon(env)


def administrators(env, langs):
    """Administrators in these languages: {login and password: language}."""
    installed = dict(env["res.lang"].get_installed())
    for login, lang in langs.items():
        if lang not in installed:
            language = env["res.lang"].with_context(active_test=False).search([("code", "=", lang)])
            env["base.language.install"].create({"lang_ids": language.ids}).lang_install()
        if env["res.users"].search_count([("login", "=", login)]):
            continue
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": login.capitalize(), "login": login, "password": login, "lang": lang,
                "email": f"{login}@tidewater.example", "tour_enabled": False,
                "group_ids": [env.ref(group).id for group in GROUPS],
            }
        )  # fmt: skip
    env.cr.commit()
    # The server has its list of languages in memory.
    env.registry.clear_all_caches()
    env.registry.signal_changes()


def share_an_id(env, count):
    """Some customers share their Contact ID with an older one, as an installation finds them."""
    ids = env["res.partner"].search([("name", "=like", "Customer %")], order="id", limit=2 * count)
    older, newer = ids[:count], ids[count:]
    env.cr.execute(
        "UPDATE res_partner SET ref = pair.ref, contact_id_conflict = TRUE"
        "  FROM (SELECT unnest(%s) AS id, unnest(%s) AS ref) AS pair"
        " WHERE res_partner.id = pair.id",
        [newer.ids, [f"{partner.ref.lower()} " for partner in older]],
    )
    env.cr.commit()
    return [[partner.ref, partner.name] for partner in older]
