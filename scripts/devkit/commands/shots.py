"""`make shots`: the main pages as pictures, at 1400 and 400 px, into .local/shots.

`dev.py shots <part of a name>` takes only some. The database is a fresh one with the demo data:
what somebody did in the one of `make run` is not in the pictures.
"""

from devkit import console, databases, paths
from devkit.browser import PHONE
from devkit.commands import run
from devkit.odoo_cli import Odoo

RECORD = ".o_data_row td[name=name], .o_data_row td[name=complete_name], .o_kanban_record"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
# Behind which a phone keeps buttons.
MORE = ".o_form_view .o_button_more, .o_statusbar_buttons .dropdown-toggle"
# (name, login, path, what must be there, what is pressed before the picture)
PAGES = [
    ("customers", "bookkeeper", "/odoo/bizuno-customers", ".o_data_row"),
    ("customer", "bookkeeper", "/odoo/bizuno-customers", ".o_data_row", RECORD),
    ("vendors", "bookkeeper", "/odoo/bizuno-vendors", ".o_data_row"),
    ("branches", "bookkeeper", "/odoo/bizuno-branches", ".o_data_row"),
    ("employees", "admin", "/odoo/bizuno-employees", ".o_data_row"),
    ("conflicts", "admin", "/odoo/bizuno-contact-id-conflicts", ".o_list_view"),
    ("dashboard", "rep", "/odoo/bizuno-crm", ".o_bizuno_dashboard"),
    ("dashboard-bookkeeper", "bookkeeper", "/odoo/bizuno-crm", ".o_bizuno_dashboard"),
    ("leads", "rep", "/odoo/bizuno-leads", ".o_kanban_record"),
    ("leads-list", "rep", "/odoo/bizuno-leads?view_type=list", ".o_data_row"),
    ("lead", "rep", "/odoo/bizuno-leads", ".o_kanban_record", CARD),
    ("pipeline", "rep", "/odoo/bizuno-projects", ".o_kanban_record"),
    ("project", "rep", "/odoo/bizuno-projects", ".o_kanban_record", CARD),
    (
        "project_profit", "bookkeeper", "/odoo/bizuno-projects", ".o_kanban_record",
        # the project that has earned something
        f"{CARD}:has-text('Pump station')", ".nav-link[name=profit]",
    ),
    ("projects", "bookkeeper", "/odoo/bizuno-projects?view_type=list", ".o_data_row"),
    ("projects_profit", "bookkeeper", "/odoo/bizuno-project-profit", ".o_pivot td"),
    ("reminders", "rep", "/odoo/bizuno-reminders", ".o_data_row"),
    ("log", "rep", "/odoo/bizuno-contact-log", ".o_data_row"),
    ("aged", "bookkeeper", "/odoo/bizuno-aged-receivables", ".o_data_row"),
    (
        "aged_customer", "bookkeeper", "/odoo/bizuno-customers", ".o_data_row",
        RECORD, ".nav-link[name=bizuno_receivables]",
    ),
    ("open_documents", "bookkeeper", "/odoo/bizuno-open-documents", ".o_data_row"),
    ("payables", "bookkeeper", "/odoo/bizuno-aged-payables", ".o_data_row"),
    ("on_hold", "admin", "/odoo/bizuno-on-hold", ".o_list_view, .o_kanban_view"),
    ("approvals", "bookkeeper", "/odoo/bizuno-credit-approvals", ".o_data_row"),
    ("rep_sales", "bookkeeper", "/odoo/bizuno-sales-by-rep", ".o_group_header"),
    ("promos", "admin", "/odoo/bizuno-promotions", ".o_list_view, .o_kanban_view"),
    ("promo", "admin", "/odoo/bizuno-promotions", RECORD, RECORD),
    (
        "promo_preview", "admin", "/odoo/bizuno-promotions", RECORD,
        RECORD, "button[name=action_preview]",
    ),
    (
        "promo_candidates", "admin", "/odoo/bizuno-promotions", RECORD,
        RECORD, "button[name=action_view_candidates]",
    ),
    ("settings", "admin", "/odoo/settings#bizuno_crm", ".o_setting_box"),
]  # fmt: skip
WIDTHS = (1400, 400)


def main(arguments):
    pages = [page for page in PAGES if not arguments or arguments[0] in page[0]]
    folder = paths.LOCAL / "shots"
    odoo = Odoo()
    database = paths.database_name("shots")
    databases.with_addon(odoo, database, demo=True)
    with run.visit(odoo, database) as (browser, problems):
        for page in pages:
            _take(browser, page, folder)
            problems += [f"{page[0]}: {text}" for text in browser.problems]
            browser.problems.clear()
    for problem in problems:
        print(problem)
    if problems:
        return 1
    odoo.server.drop(database)
    console.say(f"{len(pages) * len(WIDTHS)} pictures in {folder}")
    return 0


def _take(browser, page, folder):
    name, login, path, wait_for, *pressed = page
    if login != browser.login:
        browser.log_in(login)
    for width in WIDTHS:
        browser.resize(width)
        browser.open(path, wait_for if width > PHONE else f"{wait_for}, .o_kanban_record")
        for selector in pressed:
            wanted = browser.page.locator(selector).locator("visible=true").first
            if width < PHONE and selector.startswith("button"):
                browser.page.wait_for_selector(".o_form_view")
                for menu in browser.page.locator(MORE).locator("visible=true").all():
                    menu.click()
                    browser.page.wait_for_timeout(500)  # it opens, or closes, slowly
                    if wanted.count():
                        break
                    browser.page.keyboard.press("Escape")
                    browser.page.wait_for_timeout(500)
            wanted.click()
            browser.page.wait_for_timeout(2_000)  # forms are opened, and tabs loaded
        browser.page.screenshot(path=folder / f"{name}-{width}.png")
