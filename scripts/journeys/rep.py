"""What a sales rep does, on a phone of 400 px with touch."""

import re

from .person import BUDGET, Fault

REMINDER = ".o_bizuno_reminder"
DONE = f"{REMINDER} .o_bizuno_done"


def starts_the_day(stage):
    """What is due, whom to call under which number, and what was said last?"""
    me = _me(stage)
    with me.step("opens the app"):
        me.open_app()
        me.see("My due reminders")
        me.see(re.compile(r"Herr Petersen|Zeichnungen"), within=REMINDER)
    with me.step("looks at the number"):
        number = me.page.locator(f"{REMINDER} a[href^='tel:']").first
        if not re.fullmatch(r"tel:\+?\d+", number.get_attribute("href")):
            raise Fault(f"not to be called: {number.get_attribute('href')}")
    with me.step("looks at the pipeline"):
        me.see(re.compile(r"Weighted"), within="[data-card=pipeline]")
    with me.step("makes it the start page"):
        me.click("Make this my start page")
        me.see("Odoo opens this page when you log in.")
    with me.step("comes back the next morning"):
        me.page.goto(f"{stage.url}/odoo")
        me.page.wait_for_selector(".o_bizuno_dashboard")
    with me.step("takes it back"):
        me.click("Open Odoo's own start page instead")
        me.see("Make this my start page")


def logs_a_call_in_three_taps(stage):
    """He has just hung up: Log Action, which action, Log."""
    me = _me(stage).open_app()
    with me.step("opens the leads"):
        me.open_menu("Contacts", "Leads")
        me.see("Lead 01 Werke")
    with me.step("opens the lead"):
        me.click("Lead 01 Werke")
        me.see("einkauf1@lead.example")
    with me.step("presses Log Action"):
        me.click("Log Action")
        me.see("Next reminder", within=".modal")
    with me.step("chooses the action"):
        me.click("Return call", within=".modal")
    with me.step("logs it"):
        me.click_on(".modal button[name=action_confirm]")
    with me.step("finds it in the log"):
        me.tab("Contact Log")
        me.see("Return call", within=".o_bizuno_related_list")


def does_a_due_reminder(stage):
    """From the dashboard: he has called, and says what came of it."""
    me = _me(stage).open_app()
    with me.step("looks at what is due"):
        me.see("My due reminders")
        due = me.page.locator(DONE).count()
    with me.step("presses Done"):
        me.click_on(DONE)
        me.see("Next reminder", within=".modal")
    with me.step("says what came of it"):
        me.fill("What was said, what comes next", "Bestellt nächste Woche")
    with me.step("logs it"):
        me.click_on(".modal button[name=action_confirm]")
        me.see("Bestellt nächste Woche", within="[data-card=log]")
        if me.page.locator(DONE).count() >= due:
            raise Fault("it is still due")


def puts_a_reminder_off(stage):
    """Nobody answers: tomorrow again, or on the day the other one is back."""
    me = _me(stage).open_app()
    me.see("My due reminders")
    due = me.page.locator(DONE).count()
    with me.step("puts the first off by a day"):
        me.click_on(f"{REMINDER} .o_bizuno_snooze_day")
    with me.step("picks a day for the next"):
        me.click_on(f"{REMINDER} button:has(.fa-calendar)")
        me.see("Snooze Until", within=".modal")
    with me.step("snoozes it"):
        me.click("Snooze", within=".modal")
        me.page.wait_for_selector(".modal", state="detached")
    if me.page.locator(DONE).count() != due - 2:
        raise Fault(f"{due} were due, now {me.page.locator(DONE).count()}")
    with me.step("looks at the dates in the list"):
        me.open_menu("Pipeline", "CRM Reminders")
        me.see("Tomorrow")
        me.see(re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [A-Z][a-z]{2} \d"))
        me.see_not("Next month")


def sets_a_monthly_reminder_on_a_lead(stage):
    """A lead that wants a call each month."""
    me = _at_lead(stage, "Lead 03 Werke")
    with me.step("opens the log"):
        me.tab("Contact Log")
    with me.step("presses New Reminder"):
        me.click("New Reminder")
        me.see("Follow up: Lead 03 Werke", within=".modal")
    with me.step("chooses the rhythm"):
        _pick(me, "recurrence", "Monthly")
        me.see("Start Date", within=".modal")
    with me.step("saves it"):
        me.click("Save", within=".modal")
        me.page.wait_for_selector(".modal", state="detached")
    with me.step("sees it among the reminders"):
        me.click("All Reminders")
        me.see("Follow up: Lead 03 Werke")


def types_in_a_business_card(stage):
    """A card from the fair: company and person on one page, and the lead is his."""
    me = _me(stage).open_app()
    with me.step("opens the leads"):
        me.open_menu("Contacts", "Leads")
    with me.step("presses New"):
        me.click("New")
    with me.step("types what stands on the card"):
        me.fill("e.g. Lumber Inc", "Messe Kontakt AG")
        me.fill("Contact Name", "Petra Karte")
        me.fill("Job Position", "Leiterin Einkauf")
    with me.step("saves"):
        _save(me)
        me.see(re.compile(r"C0\d+"))
    with me.step("finds the person among the contacts"):
        me.see("Petra Karte")
    with me.step("finds the lead among his own"):
        me.open_menu("Contacts", "Leads")
        me.search("Messe Kontakt")
        me.see("Messe Kontakt AG")
        me.page.wait_for_selector(".o_kanban_record [name=user_id] img")


def is_told_of_a_duplicate_while_typing(stage):
    """The e-mail on the card is that of a customer."""
    me = _me(stage).open_app()
    me.open_menu("Contacts", "Leads")
    with me.step("presses New"):
        me.click("New")
    with me.step("types name and e-mail"):
        me.fill("e.g. Lumber Inc", "Hafen M.")
        me.fill("Email", "hafen@kunde.example")
        me.see("Another contact has this e-mail or phone")
        me.see("Hafen Marine")
    with me.step("discards"):
        me.click_on(".o_form_button_cancel")


def converts_a_lead_by_merging(stage):
    """The lead has bought before, under another spelling: merge, decided on the phone."""
    me = _at_lead(stage, "Hafen Marine")
    with me.step("presses Convert to Customer"):
        me.click_on(".o_button_more")
        me.click_on("button[name=action_convert_lead_to_customer]")
        me.see("Hafen Marine GmbH", within=".modal")
        me.see("HAFEN", within=".modal")
    with me.step("merges", budget=2 * BUDGET):
        me.click("Merge", within=".modal footer")
        me.page.wait_for_selector(".modal", state="detached")
    with me.step("finds one customer", budget=2 * BUDGET):
        me.open_menu("Contacts", "Customers")
        me.search("Hafen Marine")
        me.see("Hafen Marine GmbH")


def moves_a_project_and_closes_it(stage):
    """On a phone cards are not dragged: the stages stand in the card's menu."""
    me = _me(stage).open_app()
    card = ".o_kanban_record:has-text('Pumpwerk 00')"
    with me.step("opens the projects", budget=2 * BUDGET):
        me.open_menu("Pipeline", "Projects")
        me.see("Pumpwerk 00")
    with me.step("opens the card's menu"):
        me.click_on(f"{card} .o_dropdown_kanban button")
        me.see("Move to")
    with me.step("chooses the next stage"):
        me.click("Contacting", within=".o-dropdown--menu")
        me.page.wait_for_selector(
            ".o_kanban_group:has(.o_column_title:has-text('Contacting')) " + card
        )
    with me.step("closes it as won"):
        me.click_on(f"{card} .o_dropdown_kanban button")
        me.click("Closed", within=".o-dropdown--menu")
        me.see("Outcome", within=".modal")
    with me.step("says why"):
        me.fill("e.g. Budget was cut; bought from a competitor", "Die beste Pumpe")
        me.click("Close Project", within=".modal footer")
        me.page.wait_for_selector(".modal", state="detached")


def writes_a_quotation_for_a_project(stage):
    """More for a project: the quotation is about it, and what was sold for it so far is his to see,
    but not what it cost."""
    me = _me(stage).open_app()
    with me.step("opens the project", budget=3 * BUDGET):
        me.open_menu("Pipeline", "Projects")
        me.search("Hebewerk Aue")
        me.click("Hebewerk Aue", within=".o_kanban_record")
        me.page.wait_for_selector(".o_form_view")
    with me.step("sees what was ordered and invoiced"):
        me.see("2,960.00", within=".o_form_view button[name=action_view_ordered]")
        me.see("2,960.00", within=".o_form_view button[name=action_view_invoiced]")
        for hidden in ("Profit and Loss", "Margin", "Cost"):
            me.see_not(re.compile(rf"^{hidden}"), within=".o_form_view")
    with me.step("presses New Quotation"):
        me.click_on(".o_statusbar_buttons button:has(.oi-ellipsis-v)")
        me.click_on("button[name=action_new_quotation]")
        me.see("Stadtwerke Aue", within=".o_form_view")
        me.see(re.compile("Hebewerk Aue"), within=".o_field_widget[name=bizuno_project_id]")
    with me.step("saves it"):
        _save(me)
    with me.step("opens what the order of the project is"):
        me.click_on(".o_back_button")
        me.click_on(".o_form_view button[name=action_view_ordered]")
        me.see("2,960.00")


def writes_a_quotation_for_a_held_customer(stage):
    """At the customer's: he is on hold, which is said before anything is promised."""
    me = _me(stage).open_app()
    with me.step("finds the customer", budget=3 * BUDGET):
        me.open_menu("Contacts", "Customers")
        me.search("DREI")
        me.click("Dreifach Bau")
        me.see("DREI")
    with me.step("presses New Quotation"):
        me.click_on(".o_button_more")
        me.click_on("button[name=action_new_quotation]")
        me.see(re.compile(r"credit hold", re.IGNORECASE))
    with me.step("discards"):
        me.click_on(".o_form_button_cancel")


def looks_up_his_own_sales(stage):
    """What did I sell this month, what of it is paid, and what do I get?"""
    me = _me(stage)
    with me.step("opens the app"):
        me.open_app()
        me.see("My sales this month")
        me.see(re.compile(r"\$"), within="[data-card=sales]")
    with me.step("opens what is behind it"):
        me.click("Open", within="[data-card=sales]")
        me.see("Commission", within=".o_bizuno_months")


def _me(stage):
    return stage.person("rep", width=400).log_in()


def _at_lead(stage, name):
    """:return: the rep, at the page of that lead"""
    me = _me(stage).open_app()
    with me.step("finds the lead", budget=3 * BUDGET):
        me.open_menu("Contacts", "Leads")
        me.search(name)
        me.click(name, within=".o_content")
        me.page.wait_for_selector(".o_form_view")
    return me


def _save(me):
    """The button of a form that was changed: a phone has no keys."""
    me.click_on(".o_form_button_save")


def _pick(me, field, text):
    """Choose from a selection, which a phone shows as a sheet of its own."""
    me.click_on(f".modal [name={field}] :is(select, input, button)")
    me.click(text)
