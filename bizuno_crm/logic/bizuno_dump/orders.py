"""Open quotations and orders, and what is left of them.

>>> left(Decimal(10), Decimal(7)), left(Decimal(2), Decimal(3)), left(Decimal(-2), Decimal(0))
(Decimal('3'), Decimal('0'), Decimal('-2'))
"""

from decimal import Decimal

from . import ledger
from .records import Address, Order, OrderLine, Product
from .values import as_reference, as_text, kept

VENDOR_QUOTE, PURCHASE_ORDER, QUOTE, SALES_ORDER = "3", "4", "9", "10"
#: The journals of quotations and orders, with that of what they become.
FILLED_BY = {VENDOR_QUOTE: ledger.BILL, PURCHASE_ORDER: ledger.BILL,
             QUOTE: ledger.INVOICE, SALES_ORDER: ledger.INVOICE}  # fmt: skip
SALES, PURCHASES = (QUOTE, SALES_ORDER), (VENDOR_QUOTE, PURCHASE_ORDER)
_SHIP_TO = {
    "name": "primary_name_s", "attention": "contact_s", "street": "address1_s",
    "street2": "address2_s", "city": "city_s", "state": "state_s", "zip": "postal_code_s",
    "country": "country_s",
}  # fmt: skip
COLUMNS = ("terminal_date", "store_id", "so_po_ref_id", "address_id_s", "contact_id_s", "notes",
           "email_s", "telephone1_s", *_SHIP_TO.values())  # fmt: skip
LINE_COLUMNS = ("id", "item_ref_id", "gl_type", "sku", "qty", "description", "debit_amount",
                "credit_amount", "tax_rate_id")  # fmt: skip
_TAXES = ("glt", "tax", "tbt")
#: The letters of Bizuno's types of items that are work, not goods.
_SERVICES = ("sv", "lb", "sf")


def left(ordered, filled):
    """:return: what is left of a quantity; nothing where more than that was delivered"""
    rest = ordered - filled
    return rest if rest * ordered > 0 else Decimal(0)


class OrderRows:
    """A part of the reader, for quotations, orders and their items."""

    def _is_of_order(self, row):
        """Whether a line of the journal says something of an order that is open, or may be."""
        return row["ref_id"] in self.orders or (
            row["gl_type"] == "itm" and row["ref_id"] in self.fills
        )

    def _take_line(self, row):
        """Keep what a line of the journal says of an open order."""
        order = self.orders.get(row["ref_id"])
        if order is not None:
            order["lines"].append(kept(row, LINE_COLUMNS))
        else:
            line = row["item_ref_id"]
            self.filled[line] += self._number("journal_item", row, "qty", of=("line", line))

    def _orders(self, contacts, addresses):
        orders, others = [], {}
        for address in addresses:
            others.setdefault(address.contact, []).append(address)
        for row in self.orders.values():
            table = "journal_main"
            day = self._post_date(row, contacts)
            if not day:
                continue
            sign, of = 1 if row["journal_id"] in SALES else -1, ("document", row["id"])
            lines, other = [], {"frt": Decimal(0), "dsc": Decimal(0), "tax": Decimal(0)}
            for line in row["lines"]:
                kind = line["gl_type"]
                if kind != "itm" and kind not in other and kind not in _TAXES:
                    continue
                amount = sign * (
                    self._amount("journal_item", line, "credit_amount", of)
                    - self._amount("journal_item", line, "debit_amount", of)
                )
                if kind == "itm":
                    lines.append(self._order_line(line, amount, of))
                else:
                    other["tax" if kind in _TAXES else kind] += amount
            if self._leave_unread(row, [line.id for line in lines]):
                continue
            orders.append(
                Order(
                    id=row["id"], journal=row["journal_id"], number=row["invoice_num"] or "",
                    contact=row["contact_id_b"], date=day,
                    last_day=self._date(table, row, "terminal_date"),
                    terms=self._terms(row | {"table": table}),
                    po_number=row["purch_order_id"] or "",
                    rep=as_reference(row["rep_id"]), store=as_reference(row["store_id"]),
                    made_from=as_reference(row["so_po_ref_id"]),
                    notes=as_text(row["notes"]),
                    total=ledger.cents(row["total"]),
                    lines=tuple(lines), freight=other["frt"], discount=other["dsc"],
                    tax=other["tax"], is_begun=row["id"] in self.fills.values(),
                    **_ship_to(row, contacts, others),
                )
            )  # fmt: skip
        return orders

    def _order_line(self, line, amount, of):
        ordered = self._number("journal_item", line, "qty", of=of)
        return OrderLine(
            id=line["id"],
            sku=as_text(line["sku"]),
            name=as_text(line["description"]),
            ordered=ordered,
            quantity=left(ordered, self.filled[line["id"]]),
            amount=amount,
            tax_rate=as_reference(line["tax_rate_id"]),
        )

    def _products(self):
        """:return: {sku: Product}"""
        products = {}
        for row in self.rows.get("inventory", ()):
            sku = as_text(row.get("sku"))
            if not sku or sku in products:
                self._problem("inventory", row["id"], "sku", sku,
                              "sku_twice" if sku else "no_sku")  # fmt: skip
                continue
            products[sku] = Product(
                id=row["id"],
                sku=sku,
                name=as_text(row.get("description_short")) or sku,
                sales_text=as_text(row.get("description_sales")),
                price=self._number("inventory", row, "full_price"),
                cost=self._number("inventory", row, "item_cost"),
                is_service=as_text(row.get("inventory_type")) in _SERVICES,
                is_inactive=as_text(row.get("inactive")) == "1",
                account=as_text(row.get("gl_sales")),
                vendor=as_reference(row.get("vendor_id")),
            )
        return products


def _ship_to(row, contacts, others):
    """Where an order goes: what stands on it is compared with the addresses that are known, for one
    may be chosen and then written over.

    :param dict row: of the order
    :param dict others: {contact: its addresses besides the main one}
    :return: the fields of `Order` that say it
    """
    contact = as_reference(row["contact_id_s"]) or row["contact_id_b"]
    chosen = as_reference(row["address_id_s"])
    typed = Address(
        id=row["id"], contact=contact, kind="ship", first="", last="", title="", website="",
        notes="", emails=(as_text(row["email_s"]), "", "", ""),
        phones=(as_text(row["telephone1_s"]), "", "", ""),
        **{name: as_text(row[column]) for name, column in _SHIP_TO.items()},
    )  # fmt: skip
    known = others.get(contact, [])
    if not (typed.street or typed.street2 or typed.city or typed.zip):
        return {
            "address": chosen, "ship_contact": "" if contact == row["contact_id_b"] else contact
        }  # fmt: skip
    if contact in contacts and _place(contacts[contact].address) == _place(typed):
        return {"address": "", "ship_contact": contact}
    same = [address.id for address in known if _place(address) == _place(typed)]
    if same:
        return {"address": chosen if chosen in same else same[0], "ship_contact": contact}
    return {"address": "", "ship_contact": contact, "ship_to": typed}


def _place(address):
    """What two addresses of one place have in common: on documents of before 7.0 they are cut."""
    lines = (address.street, address.street2, address.city, address.state, address.country)
    return (*(" ".join(line.lower().split())[:30] for line in lines),
            "".join(address.zip.lower().split()))  # fmt: skip
