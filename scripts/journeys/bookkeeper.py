"""What a bookkeeper does all day."""

import re

PRINTED = 25  # times the opening of an empty page: a PDF is made


def adds_a_customer(stage):
    """Customers / New, a name, Save: terms and limit are there, and can be read."""
    me = stage.person("bookkeeper").log_in()
    with me.step("opens the app"):
        me.open_app()
    with me.step("opens Customers"):
        me.open_menu("Contacts", "Customers")
        me.see("B1")
    with me.step("presses New"):
        me.click("New")
    with me.step("types the name and saves"):
        me.fill("e.g. Lumber Inc", "Neue Kundin AG")
        me.save()
        me.see("C00001")
    with me.step("looks at the terms and the limit"):
        me.tab("Account")
        me.see("30 Days")
        me.see(re.compile(r"1,000"))


def finds_by_id_what_he_owes(stage):
    """A customer gives his ID on the telephone: what is open, and since when?"""
    me = stage.person("bookkeeper").log_in()
    me.open_app()
    with me.step("opens Customers"):
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
        me.see("800.00")


def prints_an_invoice_and_takes_a_payment(stage):
    """From the customer's page: an open invoice, its PDF, and the payment that has come in."""
    me = stage.person("bookkeeper").log_in()
    me.open_app()
    me.open_menu("Contacts", "Customers")
    me.search("GRANIT")
    with me.step("opens the customer"):
        me.click("Granit Bruch")
        me.see("GRANIT")
    with me.step("opens the open documents"):
        me.tab("Receivables")
        me.see("700.00")
    with me.step("opens the invoice"):
        me.click(re.compile(r"^INV/"))
        me.see("Posted")
    with me.step("prints it", budget=PRINTED):
        assert me.download("Print").stat().st_size > 5_000
    with me.step("presses Pay"):
        me.click("Pay")
        me.see("Memo")
    with me.step("registers the payment"):
        me.click("Create Payment")
        me.see(re.compile("In Payment|Paid"))
