"""Open quotations and orders, as far as they are open."""

from datetime import datetime, time

from odoo import Command, fields
from odoo.tools import float_compare, html_sanitize

from ... import messages
from ...logic import terms as terms_codec
from ...logic.bizuno_dump import orders
from .addresses import ship_to_id
from .values import as_html, as_text, plain

_BATCH = 100


class Orders:
    """Brings over the open quotations and orders of one run.

    :param importer: the running `Importer`, which has brought contacts and products over
    """

    def __init__(self, importer):
        self.importer, self.env = importer, importer.env
        self.count = importer.counts["orders"]
        self.numbers = {one.id: one.number for one in importer.company.orders}

    def bring_over(self):
        """Quotations stay quotations. Orders are confirmed, without mail, and without being stopped
        by the credit policy: they were accepted before Odoo was asked."""
        importer = self.importer
        for one in importer.company.orders:
            if one.journal in orders.PURCHASES:
                importer._problem(
                    "journal_main", one.id, "invoice_num", one.number, "purchase_open"
                )
                importer._skip("orders")
        wanted = {f"journal_main.{one.id}": one for one in importer._wanted_orders()}
        if importer.counting:
            self.count["read"] += len(wanted)
        if importer.counting or importer.recalling:
            return
        known = importer.known_like("journal_main.%", "sale.order")
        fresh = []
        for key, one in wanted.items():
            self.count["read"] += 1
            if key in known:
                self._follow(key, known[key], one)
            elif one.contact not in importer.partners:
                importer.tell_of_nobody(key, one)
                self.count["skipped"] += 1
            elif not any(line.quantity for line in one.lines):
                importer.problem_of(key, "invoice_num", one.number, "order_empty")
                self.count["skipped"] += 1
            else:
                fresh.append((key, one))
        for key, record in known.items():
            if key not in wanted and record.given.get("lines") and importer.is_ended(key):
                self._end(key, record)
        # Those without a number last: Odoo's for them is then none of the others'.
        fresh.sort(key=lambda row: not row[1].number)
        for rows in importer.batches("orders", fresh, _BATCH):
            self._make(rows)

    # what is new
    def _make(self, rows):
        importer = self.importer
        taken = self._get_taken([one.number for _key, one in rows])
        with_vals = [(key, one, self._vals(key, one, taken)) for key, one in rows]
        made, kept = importer.create_all(with_vals, self._create), []
        for (key, one), order in zip(rows, made, strict=True):
            if not order:
                self.count["skipped"] += 1
                continue
            self.count["created"] += 1
            self._tell(key, one, order)
            if notes := as_html(one.notes):
                order._message_log(body=html_sanitize(notes))
            kept.append((key, order, self._given(one), self._written(order)))
        importer.remember(kept, was_created=True)

    def _create(self, rows):
        sales = self.env["sale.order"].with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_notrack=True,
            bizuno_import=self.importer,
        )  # fmt: skip
        made = sales.create([vals for _key, _one, vals in rows])
        for (_key, one, _vals), order in zip(rows, made, strict=True):
            self._confirm(one, order)
        return made

    def _confirm(self, one, order):
        if one.journal == orders.SALES_ORDER:
            order.action_confirm()
            # Confirming is of today, for Odoo.
            order.date_order = self._moment(one.date)

    def _vals(self, key, one, taken):
        importer = self.importer
        is_order = one.journal == orders.SALES_ORDER
        vals = {
            "company_id": importer.run.company_id.id,
            "partner_id": importer.partners[one.contact],
            "date_order": self._moment(one.date),
            "client_order_ref": one.po_number or False,
            "origin": self.numbers.get(one.made_from) or False,
            "user_id": importer.users.get(one.rep, False),
            # The prices are those that were agreed, in the company's currency.
            "pricelist_id": False,
            "order_line": [Command.create(line) for line in self._lines(one)],
        }
        if one.number in taken:
            importer.problem_of(key, "invoice_num", one.number, "order_number_taken")
        elif one.number:
            vals["name"] = one.number
            taken.add(one.number)
        if one.terms:
            vals["payment_term_id"] = importer.payment_term(terms_codec.parse(one.terms))
        if not is_order:
            vals["validity_date"] = as_text(one.last_day)
        elif one.last_day and one.last_day > one.date:
            vals["commitment_date"] = self._moment(one.last_day)
        if address := self._ship_to(one):
            vals["partner_shipping_id"] = address
        return vals

    def _ship_to(self, one):
        """:return: id of the address to which the order goes, None where it does not say: then it
        is one of the customer's, as Odoo chooses it"""
        importer = self.importer
        if one.ship_to:
            return importer.places.get(f"ship.{ship_to_id(one)}")
        if address := importer.places.get(one.address):
            return address
        return importer.partners.get(one.ship_contact)

    def _lines(self, one):
        importer = self.importer
        for line in one.lines:
            if not line.quantity:
                continue
            tax = importer._choice("tax", line.tax_rate)
            product = importer.products.get(line.sku) or self._service("item")
            yield {
                "product_id": product,
                "name": line.name or line.sku or one.number,
                "product_uom_qty": float(line.quantity),
                "price_unit": float(line.amount / line.ordered),
                "discount": 0.0,
                "tax_ids": [Command.set([tax] if tax else [])],
            }
        if not one.is_begun:
            for kind, amount in (("freight", one.freight), ("discount", one.discount)):
                if amount:
                    yield {
                        "product_id": self._service(kind),
                        "name": messages.import_services(importer.words)[kind],
                        "product_uom_qty": 1.0,
                        "price_unit": float(amount),
                        "discount": 0.0,
                        "tax_ids": [Command.clear()],
                    }

    def _service(self, kind):
        """:return: id of the product for what has none in Bizuno"""
        importer, key = self.importer, f"service.{kind}"
        if key not in importer.products:
            known = importer.known([key])
            if known and (
                product := self.env["product.product"].browse(known[key].res_id).exists()
            ):
                importer.products[key] = product.id
            else:
                vals = {"name": messages.import_services(importer.words)[kind], "type": "service"}
                product = self.env["product.product"].create({**vals, "taxes_id": False})
                if not known:
                    importer.remember([(key, product, vals, None)], was_created=True)
                importer.products[key] = product.id
        return importer.products[key]

    def _tell(self, key, one, order):
        importer = self.importer
        if one.tax:
            importer.problem_of(key, "sales_tax", str(one.tax), "order_tax")
        if one.is_begun and (one.freight or one.discount):
            importer.problem_of(key, "freight", str(one.freight + one.discount), "order_rest")
        expected = sum(
            line.amount * line.quantity / line.ordered if line.ordered else line.amount
            for line in one.lines
        )
        if not one.is_begun:
            expected += one.freight + one.discount
        rounding = order.currency_id.rounding
        if float_compare(float(expected), order.amount_untaxed, precision_rounding=rounding):
            importer.problem_of(key, "total_amount", str(round(expected, 4)), "order_total")

    def _get_taken(self, numbers):
        found = self.env["sale.order"].search_fetch(
            [
                ("name", "in", [*{*numbers} - {""}]),
                ("company_id", "=", self.importer.run.company_id.id),
            ],
            ["name"],
        )
        return {*found.mapped("name")}

    def _moment(self, day):
        return fields.Datetime.to_string(self.importer._in_utc(datetime.combine(day, time(12))))

    # what has come over before
    def _given(self, one):
        return {
            "number": one.number,
            "date": str(one.date),
            "lines": [[line.id, str(line.quantity), str(line.amount)] for line in one.lines],
            "rest": [str(one.freight), str(one.discount), one.is_begun],
        }

    def _written(self, order):
        names = ("state", "amount_total", "invoice_count", "client_order_ref")
        return {name: plain(order, name) for name in names}

    def _follow(self, key, known, one):
        """What has become of an order in Bizuno since becomes of it here, if nobody has used it."""
        given = self._given(one)
        if known.given == given:
            self.count["unchanged"] += 1
            return
        order = self.env["sale.order"].browse(known.res_id)
        if known._is_touched() or not self.importer.attempt(None, lambda: self._change(order, one)):
            self.importer.problem_of(key, "invoice_num", one.number, "order_changed")
            self.count["unchanged"] += 1
            return
        self._tell(key, one, order)
        known.given, known.written = given, self._written(order)
        self.count["updated"] += 1

    def _change(self, order, one):
        order = order.with_context(tracking_disable=True, bizuno_import=self.importer)
        if order.state == "sale":
            order._action_cancel()
        if order.state == "cancel":
            order.action_draft()
        lines = [Command.create(line) for line in self._lines(one)]
        order.write({"order_line": [Command.clear(), *lines]})
        if lines:
            self._confirm(one, order)
        else:
            order._action_cancel()

    def _end(self, key, known):
        """An order is open in Bizuno no longer."""
        self.count["read"] += 1
        order = self.env["sale.order"].browse(known.res_id)
        cancel = order.with_context(bizuno_import=self.importer)._action_cancel
        if known._is_touched() or not self.importer.attempt(None, cancel):
            self.importer.problem_of(key, "closed", known.given["number"], "order_closed")
            self.count["unchanged"] += 1
            return
        known.given, known.written = {**known.given, "lines": []}, self._written(order)
        self.count["updated"] += 1
