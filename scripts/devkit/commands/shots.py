"""`make shots`: the main pages as pictures, at 1400 and 400 px, into .local/shots.

`dev.py shots <part of a name>` takes only some. The database is a fresh one with the demo data:
what somebody did in the one of `make run` is not in the pictures.
"""

from devkit import console, databases, paths
from devkit.commands import run
from devkit.odoo_cli import Odoo

# On a phone, buttons are behind a menu.
OPEN_PROMO = """
document.querySelector('.o_data_row td[name=name], .o_kanban_record').click();
window.press = (name, menus = [...document.querySelectorAll('.o_form_view .dropdown-toggle')]) => {
    const button = document.querySelector(`button[name=${name}]`);
    if (button) {
        button.click();
    } else if (menus.length) {
        menus.shift().click();
        setTimeout(() => window.press(name, menus), 300);
    }
};
"""
# The project that has earned something.
OPEN_PROFIT = """
[...document.querySelectorAll('.o_kanban_record')]
    .find((card) => card.innerText.includes('Pump station')).click();
setTimeout(function press() {
    const tab = document.querySelector('.nav-link[name=profit]');
    tab ? (tab.click(), setTimeout(() => tab.scrollIntoView(), 300)) : setTimeout(press, 100);
}, 1200);
"""
# (name, login, path, what must be there, JavaScript to run before the picture)
PAGES = [
    ("customers", "bookkeeper", "/odoo/bizuno-customers", ".o_data_row", None),
    (
        "customer", "bookkeeper", "/odoo/bizuno-customers", ".o_data_row",
        "document.querySelector('.o_data_row td[name=complete_name], .o_kanban_record').click()",
    ),
    ("vendors", "bookkeeper", "/odoo/bizuno-vendors", ".o_data_row", None),
    ("branches", "bookkeeper", "/odoo/bizuno-branches", ".o_data_row", None),
    ("employees", "admin", "/odoo/bizuno-employees", ".o_data_row", None),
    ("conflicts", "admin", "/odoo/bizuno-contact-id-conflicts", ".o_list_view", None),
    ("dashboard", "rep", "/odoo/bizuno-crm", ".o_bizuno_dashboard", None),
    ("dashboard-bookkeeper", "bookkeeper", "/odoo/bizuno-crm", ".o_bizuno_dashboard", None),
    ("leads", "rep", "/odoo/bizuno-leads", ".o_kanban_record", None),
    ("leads-list", "rep", "/odoo/bizuno-leads?view_type=list", ".o_data_row", None),
    (
        "lead", "rep", "/odoo/bizuno-leads", ".o_kanban_record",
        "document.querySelector('.o_kanban_record:not(.o_kanban_ghost)').click()",
    ),
    ("pipeline", "rep", "/odoo/bizuno-projects", ".o_kanban_record", None),
    (
        "project", "rep", "/odoo/bizuno-projects", ".o_kanban_record",
        "document.querySelector('.o_kanban_record:not(.o_kanban_ghost)').click()",
    ),
    (
        "project_profit", "bookkeeper", "/odoo/bizuno-projects", ".o_kanban_record",
        OPEN_PROFIT,
    ),
    ("projects", "bookkeeper", "/odoo/bizuno-projects?view_type=list", ".o_data_row", None),
    ("projects_profit", "bookkeeper", "/odoo/bizuno-project-profit", ".o_pivot td", None),
    ("reminders", "rep", "/odoo/bizuno-reminders", ".o_data_row", None),
    ("log", "rep", "/odoo/bizuno-contact-log", ".o_data_row", None),
    ("aged", "bookkeeper", "/odoo/bizuno-aged-receivables", ".o_data_row", None),
    (
        "aged_customer", "bookkeeper", "/odoo/bizuno-customers", ".o_data_row",
        "document.querySelector('.o_data_row td[name=complete_name], .o_kanban_record').click(); "
        # A busy machine takes longer to open the customer.
        "setTimeout(function press() {"
        " const tab = document.querySelector('.nav-link[name=bizuno_receivables]');"
        " tab ? tab.click() : setTimeout(press, 100); }, 1200)",
    ),
    ("open_documents", "bookkeeper", "/odoo/bizuno-open-documents", ".o_data_row", None),
    ("payables", "bookkeeper", "/odoo/bizuno-aged-payables", ".o_data_row", None),
    ("on_hold", "admin", "/odoo/bizuno-on-hold", ".o_list_view, .o_kanban_view", None),
    ("approvals", "bookkeeper", "/odoo/bizuno-credit-approvals", ".o_data_row", None),
    ("rep_sales", "bookkeeper", "/odoo/bizuno-sales-by-rep", ".o_group_header", None),
    ("promos", "admin", "/odoo/bizuno-promotions", ".o_list_view, .o_kanban_view", None),
    (
        "promo", "admin", "/odoo/bizuno-promotions", ".o_data_row, .o_kanban_record", OPEN_PROMO,
    ),
    (
        "promo_preview", "admin", "/odoo/bizuno-promotions", ".o_data_row, .o_kanban_record",
        OPEN_PROMO + "setTimeout(() => press('action_preview'), 1000)",
    ),
    (
        "promo_candidates", "admin", "/odoo/bizuno-promotions", ".o_data_row, .o_kanban_record",
        OPEN_PROMO + "setTimeout(() => press('action_view_candidates'), 1000)",
    ),
    ("settings", "admin", "/odoo/settings#bizuno_crm", ".o_setting_box", None),
]  # fmt: skip
WIDTHS = (1400, 400)


def main(arguments):
    pages = [page for page in PAGES if not arguments or arguments[0] in page[0]]
    folder = paths.LOCAL / "shots"
    folder.mkdir(parents=True, exist_ok=True)
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
    name, login, path, wait_for, script = page
    if login != browser.login:
        browser.log_in(login)
    for width in WIDTHS:
        browser.resize(width)
        browser.open(path, wait_for if width > 600 else f"{wait_for}, .o_kanban_record")
        if script:
            browser.evaluate(script)
            browser.wait("document.querySelector('.o_form_view')", f"{name}: a form")
            browser.evaluate("new Promise(done => setTimeout(done, 2500))")
        browser.screenshot(folder / f"{name}-{width}.png")
