"""What a bookkeeper does all day."""

import re

from devkit import paths

from .person import BUDGET, LIST, Fault

DOCUMENTS = ".o_bizuno_related_list"
PRINTED = 25  # times the opening of an empty page: a PDF is made


def adds_a_customer(stage):
    """Customers / New, a name, Save: terms and limit are there, and can be read."""
    me = stage.person("bookkeeper").log_in()
    with me.step("opens the app"):
        me.open_app()
    with me.step("opens Customers", budget=LIST):
        me.open_menu("Contacts", "Customers")
        me.see("B1")
    with me.step("presses New"):
        me.click("New")
    with me.step("types the name and saves"):
        me.fill("e.g. Lumber Inc", "Neue Kundin AG")
        me.save()
        me.see(re.compile(r"C\d{5}"))
    with me.step("looks at the terms and the limit"):
        me.tab("Account")
        me.see(re.compile(r"limit.*1,000"))


def finds_by_id_what_he_owes(stage):
    """A customer gives his ID on the telephone: what is open, and since when?"""
    me = stage.person("bookkeeper").log_in().open_app()
    _reads_what_he_owes(me)
    me.see("800.00")


def looks_up_who_owes_what_on_the_phone(stage):
    """In a meeting, on the phone: what does this customer owe?"""
    _reads_what_he_owes(stage.person("bookkeeper", width=400).log_in().open_app())


def _reads_what_he_owes(me):
    with me.step("opens Customers", budget=LIST):
        me.open_menu("Contacts", "Customers")
    with me.step("types the ID"):
        me.search("HAFEN")
        me.see("Hafen Marine GmbH")
    with me.step("opens the customer"):
        me.click("Hafen Marine GmbH")
        me.see("HAFEN")
    with me.step("reads what he owes"):
        me.tab("Receivables")
        me.see("2,000.00")


def prints_an_invoice_and_takes_a_payment(stage):
    """From the customer's page: an open invoice, its PDF, and the payment that has come in."""
    me = _at_customer(stage, "GRANIT", "Granit Bruch")
    with me.step("looks at the open documents"):
        me.tab("Receivables")
        me.see(re.compile(r"INV/"), within=DOCUMENTS)
    with me.step("prints the invoice", budget=PRINTED):
        assert me.download("PDF", within=f"{DOCUMENTS} .o_data_row").stat().st_size > 5_000
    with me.step("opens it"):
        me.click_on(f"{DOCUMENTS} .o_data_row td[name=reference]")
        me.see("Posted")
    with me.step("goes back to the customer"):
        me.click("Granit Bruch", within=".o_breadcrumb")
        me.see(re.compile(r"INV/"), within=DOCUMENTS)
    with me.step("presses Pay"):
        me.click("Pay", within=f"{DOCUMENTS} .o_data_row")
        me.see("Memo", within=".modal")
    with me.step("registers the payment"):
        me.click("Create Payment", within=".modal")
        me.see_not(re.compile(r"^INV/"), within=DOCUMENTS)


def gives_terms_by_the_gear(stage):
    """2 % within 10 days, net 30, and a limit: the gear beside the terms, in words."""
    me = _at_customer(stage, "WERFT", "Bremer Werft")
    with me.step("opens the tab of the account"):
        me.tab("Account")
    with me.step("presses the gear"):
        me.click_on("button[name=action_open_terms]")
        me.see("Discount and net days")
    with me.step("chooses and types"):
        me.click("Discount and net days")
        me.fill("Discount", "2")
        me.press("Tab")
        me.page.keyboard.type("10")
        me.press("Tab")
        me.fill("Credit Limit", "5000")
        me.press("Tab")
    with me.step("applies"):
        me.click("Apply", within=".modal")
        me.see(re.compile(r"2 % 10.*limit.*5,000"))


def puts_on_hold_with_a_reason(stage):
    """Two cheques bounced: from now on everybody who writes an order for him must see it."""
    me = _at_customer(stage, "KESSEL", "Kessel Bau")
    with me.step("presses the pencil beside the status"):
        me.click("Hold, lock or release")
        me.see("Credit Hold", within=".modal")
    with me.step("gives the reason"):
        me.click("Credit Hold", within=".modal")
        me.fill("Reason", "Two cheques bounced")
        me.click("Apply")
        me.see("Two cheques bounced")
    with me.step("writes a new quotation"):
        me.click_on("button[name=action_new_quotation]")
        me.see("Two cheques bounced")


def approves_credit_with_a_reason(stage):
    """A rep's order is beyond the limit; the owner has called, it may go out."""
    me = stage.person("approver").log_in().open_app("Sales")
    with me.step("finds the quotation", budget=LIST):
        me.click_on(".o_searchview .o_facet_remove")
        me.search("Over Limit Brauerei")
        me.click("Over Limit Brauerei", within=".o_content")
        me.see("over the credit limit")
    with me.step("presses Approve Credit"):
        me.click("Approve Credit")
        me.see("Reason", within=".modal")
    with me.step("types the reason where the cursor stands, and approves"):
        me.page.keyboard.type("Owner wired 3,000 today")
        me.click("Approve", within=".modal")
    with me.step("confirms the order"):
        me.click("Confirm")
        me.see("Sales Order")
    with me.step("finds the reason in the list of approvals"):
        me.open_app()
        me.open_menu("Receivables", "Credit Approvals")
        me.see("Owner wired 3,000 today")


def releases_a_held_order(stage):
    """A rep's order was stopped; the bookkeeper finds it in her list and releases the customer."""
    rep = stage.person("rep").log_in().open_app("Sales")
    with rep.step("opens the quotation"):
        rep.click("Held Mühle", within=".o_content")
        rep.see("credit hold")
    with rep.step("presses Confirm and is told why not", refused=True):
        rep.click("Confirm")
        rep.see("Two cheques bounced", within=".modal")
    rep.press("Escape")
    with rep.step("reads all reasons at another customer's"):
        rep.open_app("Sales")
        rep.click("Dreifach Bau", within=".o_content")
        for reason in ("Two cheques bounced", "past due", "credit limit"):
            rep.see(reason, within=".o_form_view")
    me = stage.person("bookkeeper").log_in().open_app()
    with me.step("opens the list of what waits"):
        me.open_menu("Receivables", "On Hold")
        me.see("Held Mühle")
        me.see("Two cheques bounced")
    with me.step("presses Release"):
        me.click("Release", within=".o_data_row:has-text('Held Mühle')")
    with me.step("says why"):
        me.fill("Reason", "Paid in cash this morning")
        me.click("Apply", within=".modal")
        me.see_not("Held Mühle", within=".o_content")


def closes_the_month_with_the_aged_receivables(stage):
    """As of the end of last month: does it tie to the ledger? Print it, and take it along."""
    me = stage.person("bookkeeper").log_in().open_app()
    with me.step("opens Aged Receivables", budget=LIST):
        me.open_menu("Receivables", "Aged Receivables")
        me.see("Total of all customers")
    with me.step("looks whether it ties to the ledger"):
        me.see(re.compile(r"Difference\s*\$\s*0\.00"), within="[name=aged_control]")
    with me.step("takes the end of last month"):
        me.click("End of Last Month")
        me.see(re.compile(r"Difference\s*\$\s*0\.00"), within="[name=aged_control]")
    with me.step("asks for the customers of one street"):
        me.search("Customer 123")
        me.see("Total shown")
    with me.step("prints them", budget=PRINTED):
        assert me.download("PDF").stat().st_size > 5_000
    with me.step("takes them along as a spreadsheet", budget=PRINTED):
        assert me.download("XLSX").stat().st_size > 2_000


def sends_statements_to_five_customers(stage):
    """Tick five customers, send each a statement."""
    me = stage.person("bookkeeper").log_in().open_app()
    with me.step("opens Aged Receivables", budget=LIST):
        me.open_menu("Receivables", "Aged Receivables")
        me.see("Total of all customers")
    with me.step("ticks five customers"):
        for row in range(5):
            me.click_on(".o_data_row .o_list_record_selector input", row)
        me.see("5 selected")
    with me.step("presses Send Statements"):
        me.click("Send Statements")
        me.see("Send by E-mail", within=".modal")
    with me.step("sends them", budget=5 * PRINTED):
        me.click("Send by E-mail", within=".modal")
        me.see("5 statements")


def keeps_a_date_in_a_favourite(stage):
    """The report of the end of last month, as often as it is asked for."""
    me = stage.person("bookkeeper").log_in().open_app()
    me.open_menu("Receivables", "Aged Receivables")
    with me.step("takes the end of last month"):
        me.see("Total of all customers")
        me.click("End of Last Month")
    date = me.page.locator("#o_bizuno_aged_date").input_value()
    with me.step("saves it as a favourite"):
        me.click_on(".o_searchview_dropdown_toggler")
        me.click("Save current search")
        me.page.locator(".o_favorite_menu input[type=text]").first.fill("Month end")
        me.click("Save", within=".o_favorite_menu")
        me.press("Escape")
    with me.step("comes back another time"):
        me.open_menu("Receivables", "Open Documents")
        me.open_menu("Receivables", "Aged Receivables")
        me.see("Total of all customers")
        if me.page.locator("#o_bizuno_aged_date").input_value() == date:
            raise Fault("today's page is as of the favourite's date")
    with me.step("chooses the favourite"):
        me.click_on(".o_searchview_dropdown_toggler")
        me.click("Month end")
        me.press("Escape")
        if me.page.locator("#o_bizuno_aged_date").input_value() != date:
            raise Fault(f"the favourite does not bring its date, {date}")


def books_a_bill_on_a_project(stage):
    """The foundry's bill is for the lifting station: what does that leave of the order?"""
    me = stage.person("bookkeeper").log_in().open_app("Invoicing")
    with me.step("opens the bills", budget=LIST):
        me.open_menu("Vendors", "Bills")
        me.see("RAHMEN-7")
    with me.step("presses New"):
        me.click("New")
    with me.step("chooses the vendor and the project"):
        me.choose("Vendor", "Gießerei Siegen")
        me.choose("Customer Project", "Hebewerk")
        me.page.locator(".o_field_widget[name=invoice_date]").first.click()
        me.page.keyboard.type("today")
        me.press("Tab")
    with me.step("types what it is about"):
        me.click("Add a line")
        me.page.keyboard.type("Schacht")
        me.click_on(".o_data_row td[name=price_unit]")
        me.press("ControlOrMeta+a")
        me.page.keyboard.type("850")
        me.save()
    with me.step("posts it"):
        me.click("Confirm")
        me.see("Posted")
    with me.step("opens the project"):
        # its arrow is there for who points at the field
        me.page.locator(".o_field_widget[name=bizuno_project_id]").first.hover()
        me.click_on(".o_field_widget[name=bizuno_project_id] .o_external_button")
        me.tab("Profit and Loss")
        me.see("850.00", within="button[name=action_view_cost]")
        me.see("2,110.00", within=".tab-pane button[name=action_view_profit]")
        me.see("Nearly Used Up")
    with me.step("asks what the cost is"):
        me.click_on(".tab-pane button[name=action_view_cost]")
        me.see("Schacht")
    with me.step("opens the document"):
        me.click_on(".o_data_row td[name=name]")
        me.see("Gießerei Siegen", within=".o_form_view")
        me.see("Posted")


def assigns_past_documents_to_a_project(stage):
    """Two invoices and a bill were booked before anybody thought of the project."""
    me = stage.person("bookkeeper").log_in().open_app()
    with me.step("opens the project", budget=LIST):
        me.open_menu("Pipeline", "Projects")
        me.search("Sudhaus Kühlung")
        me.click("Sudhaus Kühlung", within=".o_kanban_record")
        me.page.wait_for_selector(".o_form_view")
    with me.step("presses Assign Past Documents"):
        me.click("Assign Past Documents")
        me.see("only project", within=".modal")
        me.see("2,750.00", within=".modal [name=revenue_selected]")
    with me.step("looks for the bill"):
        me.fill("Containing", "RAHMEN")
        me.click("Find", within=".modal")
        me.see("Gießerei Siegen", within=".modal")
    with me.step("ticks it, and reads what it costs with its tax"):
        me.click_on(".modal .tab-pane.active .o_data_row td[name=selected] input")
        me.see("660.00", within=".modal [name=cost_selected]")
    with me.step("assigns all three", budget=2 * BUDGET):
        me.click("Assign", within=".modal")
        me.page.wait_for_selector(".modal", state="detached")
        me.tab("Profit and Loss")
        me.see("2,750.00", within="button[name=action_view_revenue]")
        me.see("660.00", within="button[name=action_view_cost]")


def works_in_german(stage):
    """Five pages, and no word of English."""
    me = stage.person("buchhalterin", lang="de_DE").log_in()
    with me.step("opens the app"):
        me.open_app()
    with me.step("opens the customers", budget=LIST):
        me.open_menu("Kontakte", "Kunden")
        me.see("B1")
    with me.step("opens a customer"):
        me.search("HAFEN")
        me.click("Hafen Marine GmbH")
        me.see("HAFEN")
    with me.step("opens the aged receivables"):
        me.page.goto(f"{stage.url}/odoo/bizuno-aged-receivables")
        me.page.wait_for_selector(".o_list_view")
    with me.step("opens the sales by rep"):
        me.page.goto(f"{stage.url}/odoo/bizuno-sales-by-rep")
        me.page.wait_for_selector(".o_content")
    with me.step("opens the credit approvals"):
        me.page.goto(f"{stage.url}/odoo/bizuno-credit-approvals")
        me.page.wait_for_selector(".o_content")


def _at_customer(stage, ref, name, login="bookkeeper"):
    """:return: the person, at the page of that customer"""
    me = stage.person(login).log_in().open_app()
    with me.step("finds the customer by his ID", budget=LIST):
        me.open_menu("Contacts", "Customers")
        me.search(ref)
        me.click(name)
        me.see(ref)
    return me


def opens_a_document_from_the_history(stage):
    """What did he buy last time? The history's row opens the document itself."""
    me = _at_customer(stage, "HAFEN", "Hafen Marine GmbH")
    with me.step("opens the history"):
        me.tab("History")
        me.see(re.compile(r"INV/"), within=".o_bizuno_related_list")
    with me.step("opens the newest document"):
        me.click_on(".o_bizuno_related_list .o_data_row td[name=reference]")
        me.see("Hafen Marine GmbH")
        me.see("Posted")


def merges_contacts_that_share_an_id(stage):
    """Two contacts had the same reference before the addon came; of another pair, one gets the next
    number."""
    me = stage.person("admin").log_in().open_app()
    with me.step("opens the conflicts"):
        me.open_menu("Configuration", "Contact ID Conflicts")
        me.see("Doppel Handel Nord")
    with me.step("presses Merge"):
        me.click("Merge", within=".o_data_row:has-text('Doppel Handel Nord')")
        me.see("Merge Contacts", within=".modal")
    with me.step("merges"):
        me.click("Merge Contacts", within=".modal")
    with me.step("looks whether the conflict is over"):
        if me.page.locator(".modal").count():
            me.click("Close", within=".modal")
        me.see_not("Doppel Handel Nord", within=".o_list_view")
    with me.step("gives one of another pair the next number"):
        me.click("Next Number", within=".o_data_row:has-text('Zwilling 4 Neu')")
        me.see("1 contact was given the next Contact ID.")
        me.open_menu("Configuration", "Contact ID Conflicts")
        me.see_not("Zwilling 4", within=".o_list_view")


def renumbers_contacts_that_share_an_id(stage):
    """All conflicts at once: the older holder keeps the ID, the newer one gets the next number."""
    me = stage.person("admin").log_in().open_app()
    with me.step("opens the conflicts"):
        me.open_menu("Configuration", "Contact ID Conflicts")
        me.see("Zwilling 1 Neu")
    with me.step("ticks all holders of three IDs"):
        for number in range(1, 4):
            for age in ("Alt", "Neu"):
                row = f".o_data_row:has-text('Zwilling {number} {age}')"
                me.click_on(f"{row} .o_list_record_selector input")
        me.see("6 selected")
    with me.step("presses Assign Contact IDs and reads what will be done"):
        me.click("Assign Contact IDs")
        me.see(re.compile(r"\b3\b"), within=".modal")
    with me.step("agrees"):
        me.click("Assign", within=".modal")
        me.see_not(re.compile("Zwilling [123]"), within=".o_list_view")
    with me.step("looks up who has kept his ID", budget=LIST):
        me.open_menu("Contacts", "Customers")
        me.search("Zwilling 2")
        me.see("ZW2", within=".o_data_row:has-text('Zwilling 2 Alt')")


def imports_a_list_again_by_contact_id(stage):
    """A list of customers is loaded, corrected, and loaded once more: nobody is there twice."""
    me = stage.person("bookkeeper").log_in().open_app()
    for phone, told in (("+1 757 555 0901", "first"), ("+1 757 555 0902", "second")):
        path = paths.LOCAL / "journeys" / "customers.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"Contact ID,Name,Phone,Terms\nB1500,Customer 1500,{phone},0:0:0:30:2000\n"
            f"LISTE-1,Listen Kunde,{phone},3:2:10:30:7000\n"
        )
        with me.step(f"opens the import, the {told} time", budget=LIST):
            me.open_menu("Contacts", "Customers")
            me.click_on(".o_cp_action_menus button")
            me.click("Import records")
            me.see("Import Template for Customers")
        with me.step(f"gives the file, the {told} time", budget=2 * BUDGET):
            me.upload(path)
            me.see("B1500")
        with me.step(f"tests it, the {told} time", budget=2 * BUDGET):
            me.click("Test")
            me.see("Everything seems valid.")
        with me.step(f"imports it, the {told} time", budget=2 * BUDGET):
            me.click("Import")
            me.see("Imported records")
            me.see("Listen Kunde", within=".o_data_row")
        with me.step(f"finds the customers, the {told} time", budget=LIST):
            me.open_menu("Contacts", "Customers")
            me.search("LISTE-1")
            me.see(phone, within=".o_data_row:has-text('Listen Kunde')")
            me.see(re.compile(r"^1-1 / 1$|^1 / 1$|^1-1/1$"), within=".o_pager")


def looks_at_expiring_certificates(stage):
    """The auditor asks: whose exemption ends soon, and whose has ended?"""
    me = stage.person("bookkeeper").log_in().open_app()
    me.open_menu("Contacts", "Customers")
    with me.step("asks for those that end within a month"):
        me.filter_by("Exemption Expires Within 30 Days")
        me.see("Frei Hospital")
        me.see_not("Alt Museum", within=".o_content")
    with me.step("shows the certificate and its last day"):
        for column in ("Phone", "Salesperson", "City", "Certificate", "Expires"):
            me.click_on(".o_optional_columns_dropdown button")
            me.click(column, within=".o-dropdown--menu")
            me.press("Escape")
        me.see("TX-3", within=".o_data_row")
    with me.step("asks for those that have ended"):
        me.click_on(".o_searchview .o_facet_remove")
        me.filter_by("Exemption Expired")
        me.see("TX-4", within=".o_data_row")
        me.see_not("Frei Hospital", within=".o_content")
    with me.step("asks for those without a certificate"):
        me.click_on(".o_searchview .o_facet_remove")
        me.filter_by("Exempt Without Certificate")
        me.see("Ohne Stiftung", within=".o_content")


def looks_at_two_companies_at_once(stage):
    """The dashboard says whose figures it shows, and leads to the documents behind them."""
    me = stage.person("owner").log_in()
    with me.step("ticks the other company"):
        me.click_on(".o_switch_company_menu button")
        me.click_on("[role=menuitemcheckbox][aria-label='Nordwerk Inc']")
        me.click("Confirm", within=".o_switch_company_menu_dropdown")
        me.page.wait_for_selector(".o_main_navbar")
    card = "[data-card=receivables]"
    with me.step("reads whose receivables the dashboard shows"):
        me.open_app()
        me.see("Tidewater Pump & Supply", within=f"{card} .o_bizuno_company")
    total = me.page.locator(f"{card} .fs-4").inner_text()
    with me.step("opens the documents behind the figure"):
        me.click("Open", within=card)
        me.see("Total shown")
        me.see(total)
        me.search("Nord Kunde")
        me.see_not("321.00", within=".o_content")


def reads_which_branch_a_customer_owes(stage):
    """Banner and panel of one page agree: what is owed elsewhere is named."""
    me = _at_customer(stage, "ZWEIG", "Zweig Kraftwerk", login="owner")
    with me.step("reads the banner"):
        me.see(re.compile(r"2,200\.00.*of which.*800\.00 at Tidewater Suffolk"))
    with me.step("reads the panel"):
        me.tab("Receivables")
        me.see("1,400.00", within=DOCUMENTS)


def writes_off_a_rest(stage):
    """2.30 are missing: not worth a telephone call."""
    me = _at_customer(stage, "REST", "Rest Handel")
    with me.step("presses Pay"):
        me.tab("Receivables")
        me.click("Pay", within=f"{DOCUMENTS} .o_data_row")
        me.see("Memo", within=".modal")
    with me.step("types what has come in"):
        me.fill("Amount", "410")
        me.press("Tab")
        me.see("Mark as fully paid", within=".modal")
    # Odoo posts a payment and an entry, and matches both.
    with me.step("writes off the rest", budget=2 * BUDGET):
        me.click("Mark as fully paid", within=".modal")
        me.choose("Post Difference In", "Small Diff", re.compile("Small Differences"))
        me.click("Create Payment", within=".modal")
        me.see_not(re.compile(r"^INV/"), within=DOCUMENTS)


def sees_that_a_credit_is_not_late(stage):
    """A credit note of eight weeks ago: nothing to be paid, nothing late, on page and statement."""
    me = _at_customer(stage, "GUT", "Gutschrift Handel")
    with me.step("reads the documents"):
        me.tab("Receivables")
        me.see(re.compile(r"^RINV/"), within=DOCUMENTS)
        me.see_not(re.compile(r"(?<!Nothing is )past due|days late"), within=".o_form_view")
        late = me.page.locator(f"{DOCUMENTS} .o_data_row td[name=days_late]").first.inner_text()
        if late.strip():
            raise Fault(f"the credit note is {late} days late")
    with me.step("opens the statement"):
        me.click("Statement of Account")
        me.see("Send by E-mail", within=".modal")
    with me.step("prints it", budget=PRINTED):
        assert me.download("Print", within=".modal").stat().st_size > 5_000


def a_rep_reads_why_he_sees_no_receivables(stage):
    """A bookmark leads a rep to figures that are not his to see: no zero, but a word."""
    me = stage.person("rep").log_in().open_app()
    with me.step("finds no menu"):
        me.click_on(".o_menu_sections >> text=Receivables")
        me.see_not("Aged Receivables", within=".o-dropdown--menu")
        me.press("Escape")
    with me.step("follows the bookmark"):
        me.page.goto(f"{stage.url}/odoo/bizuno-aged-receivables")
        me.page.wait_for_selector(".o_list_view")
        me.see(re.compile("may not see|Receivables: Read"))
        me.see_not(re.compile("owes anything|Total of all"))


def a_customer_looks_at_his_account(stage):
    """In the portal: what is open, how old it is, the statement, an invoice."""
    me = _reads_his_account(stage.person("hafen"))
    with me.step("takes the statement", budget=PRINTED):
        assert me.download("Statement as PDF").stat().st_size > 5_000
    with me.step("takes an invoice", budget=PRINTED):
        assert me.download("PDF", within="tbody tr").stat().st_size > 5_000


def a_customer_looks_at_his_account_on_the_phone(stage):
    """The same on a phone."""
    _reads_his_account(stage.person("hafen", width=400))


def _reads_his_account(me):
    me.log_in()
    with me.step("opens the account"):
        me.click("Your Account")
        me.see("Balance")
        me.see("2,000.00")
    return me


def reads_all_tabs_in_french(stage):
    """The customer's page: each tab in sight, and no word of English."""
    _reads_all_tabs(stage, "comptable", "fr_FR")


def reads_all_tabs_in_spanish(stage):
    """The same in Spanish."""
    _reads_all_tabs(stage, "contable", "es_ES")


def _reads_all_tabs(stage, login, lang):
    me = stage.person(login, lang=lang).log_in()
    # The web client is loaded anew.
    with me.step("opens the customer", budget=3 * BUDGET):
        me.page.goto(f"{stage.url}/odoo/bizuno-customers")
        me.page.wait_for_selector(".o_data_row")
        me.search("HAFEN")
        me.click("Hafen Marine GmbH")
        me.see("HAFEN")
    row = None
    for number, tab in enumerate(me.page.locator(".o_notebook .nav-link").all()):
        with me.step(f"opens the tab {number + 1}, {tab.inner_text()}"):
            tab.click()
            place = tab.bounding_box()
            if place["x"] + place["width"] > me.width:
                raise Fault("the tab is outside the page")
            row = row or place["y"]
            if place["y"] > row:
                raise Fault("the tab stands in a second row")
