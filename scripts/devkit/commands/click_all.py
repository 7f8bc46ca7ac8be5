"""`dev.py click-all`: every menu, view, filter and grouping, with the other apps and without them.

Two databases, one with what the addon needs and no more, one with all the apps of OTHERS. In each
the server is asked for every filter, grouping and search field of our models and of those whose
views we extend, as an administrator, a sales rep and a bookkeeper. Beside the other apps a browser
opens, as the administrator, every menu of ours and of the apps whose views we extend, each of their
views, and clicks each filter (Odoo's own "click everywhere"), and customers buy in the web shop
(`dev.py shop`). Alone, where the same pages have less in them, the rep and the bookkeeper do so in
our menu. Elsewhere each opens the first pages. An error dialog, an exception, or an unexpected
warning in the server's log fails.

`dev.py click-all alone` or `together` takes one of them.
"""

import json

from devkit import console, databases, paths
from devkit.commands import run, shop
from devkit.inside import fill, filters
from devkit.odoo_cli import Odoo

OTHERS = ("crm", "hr", "point_of_sale", "project", "purchase", *shop.APPS)
DATABASES = {"alone": (), "together": OTHERS}
# All of these: each of their menus, views and filters.
OURS = "bizuno_crm.menu_root"
EXTENDED = ("contacts.menu_contacts", "sale.sale_menu_root", "account.menu_finance")
MODELS = ("res.partner", "sale.order", "account.move", "account.payment.term", "mailing.mailing")
CLICK = """
odoo.loader.modules.get('@web/webclient/clickbot/clickbot_loader')
    .startClickEverywhere({menu}, {light})
"""
SUCCESS = "clickbot test succeeded"
MINUTES = 20


def main(arguments):
    failed = False
    for purpose in arguments or DATABASES:
        problems = _click(purpose, DATABASES[purpose])
        for problem in problems:
            print(problem)
        failed |= bool(problems)
    return 1 if failed else 0


def _click(purpose, others):
    odoo = Odoo()
    name = paths.database_name(f"click{purpose}")
    databases.with_addon(odoo, name, extra=others)
    odoo.inside(name, fill.company_with_addon)
    logins = odoo.inside(name, filters.prepare_users)
    tried, problems = odoo.inside(name, filters.try_all, addon=paths.ADDON, models=MODELS)
    console.say(f"{purpose}: {tried} filters, groupings and search fields asked for")
    if "website_sale" in others:
        problems += shop.play(odoo, name)
    with run.visit(odoo, name) as (browser, met):
        browser.resize(1400)
        for login in logins:
            browser.log_in(login)
            for menu in (OURS, *(EXTENDED if login == "admin" else ())):
                # each of the three clicks through all of ours once
                is_whole = bool(others) == (login == "admin")
                met += _click_app(browser, login, menu, is_whole)
    problems += met
    odoo.server.drop(name)
    return [f"{purpose}: {problem}" for problem in problems]


def _click_app(browser, login, menu, is_whole):
    """
    :param is_whole: each menu, view and filter of the app, not its first page alone
    :return: what went wrong
    """
    browser.open("/odoo", ".o_navbar_apps_menu")
    browser.messages.clear()
    browser.page.evaluate(CLICK.format(menu=json.dumps(menu), light=json.dumps(not is_whole)))
    # It keeps its place there, over reloads of the page, until it is done.
    browser.wait("localStorage.getItem('running.clickbot')", f"clicking through {menu}")
    browser.wait(
        "!localStorage.getItem('running.clickbot')", f"the end of {menu}", seconds=MINUTES * 60
    )
    said = [text for _, text in browser.messages]
    counts = [text.split(" tested ")[1] for text in said if text.startswith("Successfully")]
    console.say(f"{login}, {menu}: {', '.join(counts)}")
    problems = [text for kind, text in browser.messages if kind == "error"] + browser.problems
    if SUCCESS not in said:
        problems.append(f"it stopped after: {' / '.join(said[-3:])}")
    browser.problems.clear()
    return [f"{login}, {menu}: {problem}" for problem in problems]
