"""What an administrator does who has added the addon to a company that is at work already."""

import contextlib

import openpyxl
from devkit import databases, paths
from devkit.commands import run
from devkit.inside import fill
from devkit.odoo_cli import Odoo

from .person import BUDGET, Fault, Stage

MINUTES = 5 * 60_000  # an installation makes all files of Odoo's pages anew
DUMP = paths.ROOT / paths.ADDON / "tests/importer/data/company_a.sql.gz"
CARD = "section[data-card=setup]"


def finds_it_in_apps_and_installs_it(stage):
    """Beside sales, invoices and two companies: the list is updated as the README says, developer
    mode is closed again, and the first page says what to do."""
    with _elsewhere(stage, "apps", _company_without_addon) as other:
        me = other.person("admin").log_in()
        with me.step("updates the list of apps, as the README says"):
            me.page.goto(f"{other.url}/odoo/apps?debug=1")
            me.page.wait_for_selector(".o_kanban_view")
            me.settle()
            me.open_menu("Update Apps List")
            me.click("Update", within=".modal")
        with me.step("closes developer mode"):
            me.page.goto(f"{other.url}/odoo/apps?debug=0")
            me.page.wait_for_selector(".o_kanban_view")
        with me.step("finds the addon"):
            me.search("Bizuno CRM")
            me.see("Contacts with roles")
        with me.step("presses Activate"):
            card = me.page.locator(".o_kanban_record:has-text('Contacts with roles')")
            with me.page.expect_event("load", timeout=MINUTES):
                card.get_by_role("button", name="Activate").click(no_wait_after=True)
            me.page.wait_for_selector(".o_main_navbar", timeout=MINUTES)
        with me.step("opens the app and reads what to do first"):
            me.open_app()
            me.see("First steps")
            me.see("1 Contact ID is shared by 3 contacts.")
        with me.step("sees that the customers are there"):
            me.open_menu("Contacts", "Customers")
            me.see("Old Customer")


def takes_the_first_steps(stage):
    """The card on the dashboard: to each place, done or skipped, and then it is gone."""
    me = stage.person("admin").log_in()
    with me.step("opens the app", budget=3 * BUDGET):
        me.open_app()
        me.see("First steps")
    with me.step("opens who sees receivables", budget=3 * BUDGET):
        me.click("Open", within=f"{CARD} [data-step=readers]")
        me.page.wait_for_selector("#aging_reps_see_own.o_setting_highlight")
    with me.step("comes back"):
        me.click("Bizuno CRM", within=".o_breadcrumb")
        me.see("First steps")
    with me.step("says that it is done"):
        me.click("Done", within=f"{CARD} [data-step=readers]")
        me.see_not("Who sees receivables")
    with me.step("opens the mail servers"):
        me.click("Open", within=f"{CARD} [data-step=mail_server]")
        me.see("Outgoing Mail Servers")
    with me.step("skips the rest", budget=3 * BUDGET):
        me.open_app()
        me.click("Skip all", within=CARD)
        me.see_not("First steps")
    with me.step("comes another day", budget=3 * BUDGET):
        me.open_app("Contacts")
        me.open_app()
        me.see("Recent log")
        me.see_not("First steps")


def takes_the_first_steps_on_the_phone(stage):
    """The same on the way home: shown again, and skipped."""
    me = stage.person("admin", width=400).log_in()
    desk = stage.person("admin").log_in().open_app()
    with desk.step("asks for the steps again", budget=3 * BUDGET):
        desk.open_menu("Configuration", "Settings")
        desk.click("Show Them Again")
        desk.see("First steps")
    with me.step("opens the app", budget=3 * BUDGET):
        me.open_app()
        me.see("First steps")
    with me.step("skips the mail server"):
        me.click("Skip", within=f"{CARD} [data-step=mail_server]")
        me.see_not("Mail server")
    with me.step("skips the rest"):
        me.click("Skip all", within=CARD)
        me.see_not("First steps")


def gives_somebody_the_right_to_approve(stage):
    """The bookkeeper shall release what the credit policy stops; no developer mode is needed."""
    me = stage.person("admin").log_in().open_app()
    with me.step("opens the users from the settings", budget=3 * BUDGET):
        me.open_menu("Configuration", "Settings")
        me.click_on("button[name=action_open_bizuno_users]")
        me.see("Beth Ledger")
    with me.step("opens the bookkeeper", budget=2 * BUDGET):
        me.click("Beth Ledger", within=".o_content")
        me.see("Credit Approval")
    with me.step("makes her an approver"):
        box = me.field("Credit Approval")
        if box.evaluate("el => el.tagName") == "SELECT":
            box.select_option(label="Approver")
        else:
            me._press_on(box)
            me.click("Approver")
    with me.step("saves"):
        me.save()
        if me.page.locator(".o_form_status_indicator_buttons:not(.invisible)").count():
            raise Fault("the user was not saved")
    with me.step("sees what the bookkeeper may do"):
        me.see("Approver")


def administers_in_german(stage):
    """The pages of an administrator without a word of English."""
    _administers(stage, "verwalterin", "de_DE", ("Konfiguration", "Einstellungen"))


def administers_in_french(stage):
    """The same in French."""
    _administers(stage, "administratrice", "fr_FR", ("Configuration", "Paramètres"))


def _administers(stage, login, lang, settings):
    me = stage.person(login, lang=lang).log_in()
    with me.step("opens the app"):
        me.open_app()
        me.page.wait_for_selector(".o_bizuno_dashboard")
    with me.step("opens the settings", budget=2 * BUDGET):
        me.open_menu(*settings)
        me.page.wait_for_selector("#contact_default_terms")
    for page in ("customers", "contact-id-conflicts", "on-hold", "promotions", "statements-sent"):
        # The web client is loaded anew.
        with me.step(f"opens {page}", budget=3 * BUDGET):
            me.page.goto(f"{stage.url}/odoo/bizuno-{page}")
            me.page.wait_for_selector(".o_content > *")


def exports_first_and_uninstalls(stage):
    """The dialog says what is lost; so the log is exported first, then the addon goes, and the
    company works on."""
    with _elsewhere(stage, "leave", _company_with_addon) as other:
        me = other.person("admin").log_in()
        with me.step("reads what an uninstallation loses"):
            _asks_to_uninstall(me, other)
        with me.step("goes back"):
            me.click("Discard", within=".modal")
        with me.step("opens the contact log"):
            me.open_app()
            me.open_menu("Contacts", "Contact Log")
            me.page.wait_for_selector(".o_data_row")
        with me.step("ticks all entries"):
            me.click_on("thead .o_list_record_selector input")
        with me.step("exports them", budget=None):
            me.click("Actions")
            me.click("Export")
            me.page.wait_for_selector(".modal .o_export_field_list, .modal .o_fields_list")
            with me.download("Export", within=".modal footer").open("rb") as file:
                sheet = openpyxl.load_workbook(file).active
            if sheet.max_row < 2:
                raise Fault("nothing was exported")
        with me.step("uninstalls", budget=None):
            if me.page.locator(".modal").count():
                me.press("Escape")
            _asks_to_uninstall(me, other)
            with me.page.expect_event("load", timeout=MINUTES):
                me.page.locator(".modal footer").get_by_role("button", name="Uninstall").click(
                    no_wait_after=True
                )
            me.page.wait_for_selector(".o_main_navbar", timeout=MINUTES)
        with me.step("sees that the customers are still there"):
            me.page.goto(f"{other.url}/odoo/contacts")
            me.search("Old Customer")
            me.click("Old Customer", within=".o_content")
            me.tab("Sales & Purchase")
            me.see("DUP-1")
            me.see_not("Contact ID")


def _asks_to_uninstall(me, other):
    me.page.goto(f"{other.url}/odoo/apps")
    me.page.wait_for_selector(".o_kanban_view")
    me.search("Bizuno CRM")
    me.click_on(".o_kanban_record:has-text('Contacts with roles') .o_dropdown_kanban button")
    me.click_on(".o-dropdown--menu [name=button_uninstall_wizard]")
    me.see("Permanently lost with Bizuno CRM", within=".modal")


def moves_the_company_over_from_bizuno(stage):
    """What docs/moving-from-bizuno.md says, with a dump of the real Bizuno, and its pictures:
    tried, run, looked at, and undone."""
    with _elsewhere(stage, "move", databases.with_addon) as other:
        me = other.person("admin").log_in()
        with me.step("opens the page", budget=None):
            me.open_app()
            me.open_menu("Configuration", "Move from Bizuno")
            me.see("What is moved:")
        with me.step("chooses the dump"):
            me.upload(DUMP)
            me.see("company_a.sql.gz")
        _shows(me, "moving-file")
        with me.step("analyses it", budget=None):
            me.click("Analyse")
            me.see("What is open in Bizuno today")
        _shows(me, "moving-analysis")
        with me.step("matches the users"):
            me.tab("Map")
            me.see("who takes over their contacts")
            row = ".o_field_widget[name=user_choice_ids] .o_data_row"
            me.click_on(f"{row} td[name=user_id]")
            me.page.keyboard.type("Admin")
            me.click("Administrator", within=".o-autocomplete--dropdown-menu")
            me.click_on("p:text('Match the users')")  # leaves the row
            me.see("4000-00")
        _shows(me, "moving-map")
        with me.step("tries it", budget=None):
            _waits_for(me, "Trial Run", "nothing was saved")
            me.see("Every contact's open amount is the same in both.")
        _shows(me, "moving-trial")
        with me.step("sees that nothing came"):
            me.open_menu("Contacts", "Customers")
            me.see_not("Bucket Brigade")
        with me.step("runs it", budget=None):
            me.open_menu("Configuration", "Move from Bizuno")
            me.upload(DUMP)
            me.click("Analyse")
            me.see("What is open in Bizuno today")
            me.click_on("button[name=action_run]")
            same = "Every contact's open amount is the same in both."
            _waits_for(me, "Ok", same, within=".modal")
        with me.step("reads the report"):
            me.see(same)
            me.see("Where Bizuno's own figures are wrong")
            me.see("problems.xlsx")
        with me.step("looks at what is owed", budget=None):
            me.open_menu("Receivables", "Aged Receivables")
            me.see("Bucket Brigade")
        _shows(me, "moving-aged")
        with me.step("undoes it", budget=None):
            me.open_menu("Configuration", "Moves from Bizuno")
            me.click_on(".o_data_row [name=file_name]")  # the last one stands first
            me.click_on("button[name=action_undo]")
            _waits_for(me, "Ok", "were removed", within=".modal")
        with me.step("sees that it is gone"):
            me.open_menu("Contacts", "Customers")
            me.see_not("Bucket Brigade")


def _waits_for(me, button, text, within=".o_statusbar_buttons"):
    """Press what takes minutes on a busy machine."""
    me.page.locator(within).get_by_role("button", name=button, exact=True).last.click()
    me.page.locator("body").get_by_text(text).first.wait_for(timeout=MINUTES)
    me.settle()


def _shows(me, name):
    """The picture of a page for the documentation."""
    me.page.screenshot(path=paths.LOCAL / "shots" / f"{name}-{me.width}.png")


# --- companies of their own ----------------------------------------------------------------------


def _company_without_addon(odoo, name):
    odoo.server.copy(databases.template(odoo), name)
    odoo.inside(name, fill.company_that_finds_it)


def _company_with_addon(odoo, name):
    odoo.server.copy(databases.template(odoo), name)
    odoo.inside(name, fill.company_without_addon)
    odoo.call(name, "-i", paths.ADDON, "--stop-after-init", log="journeys-install")
    odoo.inside(name, fill.use_addon)


@contextlib.contextmanager
def _elsewhere(stage, purpose, prepare):
    """Yields a Stage on a database of its own, in the same browser; its faults are the journey's.

    :param prepare: makes the database of the given name
    """
    odoo = Odoo()
    name = paths.database_name(f"journeys{purpose}")
    odoo.server.drop(name)
    prepare(odoo, name)
    with run.serving(odoo, name) as (_process, url):
        other = Stage(stage.chromium, url, name, run.log_of(name), stage.names, readers={})
        other.journey, other.problems, other.remarks = stage.journey, stage.problems, stage.remarks
        try:
            yield other
        finally:
            for key, person in other.people.items():
                person.close()
                # what was done counts as done in this journey
                stage.people[purpose, *key] = person
    odoo.server.drop(name)
