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


class OpenOrders:
    """Brings over the open quotations and orders of one run, of customers or of vendors.

    :param importer: the running `Importer`, which has brought contacts and products over
    :param wanted: list of `logic.bizuno_dump.records.Order`
    """

    #: The step and the model; the journal of what is confirmed; how the model calls a quantity and
    #: what the orders number is to the other side.
    step = model = confirmed = quantity = reference = None

    def __init__(self, importer, wanted):
        self.importer, self.env = importer, importer.env
        self.count = importer.counts[self.step]
        self.wanted = {f"journal_main.{wanted_order.id}": wanted_order for wanted_order in wanted}
        self.numbers = {order.id: order.number for order in importer.company.orders}

    def bring_over(self):
        """Quotations stay quotations. Orders are confirmed, without mail, and without being stopped
        by a policy: they were accepted before Odoo was asked."""
        importer = self.importer
        if importer.counting:
            self.count["read"] += len(self.wanted)
        if importer.counting or importer.recalling:
            return
        known = importer.known_like("journal_main.%", self.model)
        fresh = []
        for key, bizuno_order in self.wanted.items():
            self.count["read"] += 1
            if key in known:
                self._follow(key, known[key], bizuno_order)
            elif bizuno_order.contact not in importer.partners:
                importer.tell_of_nobody(key, bizuno_order)
                self.count["skipped"] += 1
            elif not any(line.quantity for line in bizuno_order.lines):
                self._tell_lines(bizuno_order)
                importer.problem_of(key, "invoice_num", bizuno_order.number, "order_empty")
                self.count["skipped"] += 1
            else:
                fresh.append((key, bizuno_order))
        for key, record in known.items():
            if key not in self.wanted and record.given.get("lines") and importer.is_ended(key):
                self._end(key, record)
        # Those without a number last: Odoo's for them is then none of the others'.
        fresh.sort(key=lambda row: not row[1].number)
        for rows in importer.batches(self.step, fresh, _BATCH):
            self._make(rows)

    # what is new
    def _make(self, rows):
        importer = self.importer
        taken = self._get_taken([bizuno_order.number for _key, bizuno_order in rows])
        with_vals = [
            (key, bizuno_order, self._vals(key, bizuno_order, taken)) for key, bizuno_order in rows
        ]
        made, kept = importer.create_all(with_vals, self._create), []
        for (key, bizuno_order), order in zip(rows, made, strict=True):
            if not order:
                self.count["skipped"] += 1
                continue
            self.count["created"] += 1
            self._tell(key, bizuno_order, order)
            if notes := as_html(bizuno_order.notes):
                order._message_log(body=html_sanitize(notes))
            kept.append((key, order, self._given(bizuno_order), self._written(order)))
        importer.remember(kept, was_created=True)

    def _create(self, rows):
        model = self._as_import(self.env[self.model]).with_context(
            mail_create_nosubscribe=True, mail_notrack=True
        )
        made = model.create([vals for _key, _order, vals in rows])
        for (_key, bizuno_order, _vals), order in zip(rows, made, strict=True):
            if bizuno_order.journal == self.confirmed:
                self._confirm(bizuno_order, order)
        return made

    def _as_import(self, records):
        """:return: the records, in the context that says what brings them over"""
        return records.with_context(tracking_disable=True, bizuno_import=self.importer)

    def _confirm(self, bizuno_order, order):
        """Make an order of what is a quotation."""
        raise NotImplementedError

    def _cancel(self, order):
        raise NotImplementedError

    def _reopen(self, order):
        """Make a quotation of what is cancelled."""
        raise NotImplementedError

    def _own_vals(self, bizuno_order, is_order):
        """:return: what only orders of customers have, or only those of vendors"""
        raise NotImplementedError

    def _taxes(self, line):
        """:return: ids of the taxes of a line"""
        raise NotImplementedError

    def _vals(self, key, bizuno_order, taken):
        importer = self.importer
        vals = {
            "company_id": importer.run.company_id.id,
            "partner_id": importer.partners[bizuno_order.contact],
            "date_order": self._moment(bizuno_order.date),
            self.reference: bizuno_order.po_number or False,
            "origin": self.numbers.get(bizuno_order.made_from) or False,
            "user_id": importer.user_of("journal_main", "rep_id", bizuno_order.rep),
            "order_line": [Command.create(line) for line in self._lines(bizuno_order)],
        }
        if bizuno_order.number in taken:
            importer.problem_of(key, "invoice_num", bizuno_order.number, "order_number_taken")
        elif bizuno_order.number:
            vals["name"] = bizuno_order.number
            taken.add(bizuno_order.number)
        if bizuno_order.terms:
            vals["payment_term_id"] = importer.payment_term(terms_codec.parse(bizuno_order.terms))
        return vals | self._own_vals(bizuno_order, bizuno_order.journal == self.confirmed)

    def _lines(self, bizuno_order):
        importer = self.importer
        for line in bizuno_order.lines:
            if not line.quantity:
                continue
            product = importer.products.get(line.sku) or self._service("item")
            yield {
                "product_id": product,
                "name": line.name or line.sku or bizuno_order.number,
                self.quantity: float(line.quantity),
                "price_unit": float(line.amount / line.ordered),
                "discount": 0.0,
                "tax_ids": [Command.set(self._taxes(line))],
            }
        if not bizuno_order.is_begun:
            for kind, amount in (
                ("freight", bizuno_order.freight),
                ("discount", bizuno_order.discount),
            ):
                if amount:
                    yield {
                        "product_id": self._service(kind),
                        "name": messages.import_services(importer.words)[kind],
                        self.quantity: 1.0,
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

    def _tell(self, key, bizuno_order, order):
        importer = self.importer
        if bizuno_order.tax:
            importer.problem_of(key, "sales_tax", str(bizuno_order.tax), "order_tax")
        if bizuno_order.is_begun and (bizuno_order.freight or bizuno_order.discount):
            importer.problem_of(
                key, "freight", str(bizuno_order.freight + bizuno_order.discount), "order_rest"
            )
        self._tell_lines(bizuno_order)
        expected = sum(
            line.amount * line.quantity / line.ordered
            for line in bizuno_order.lines
            if line.ordered
        )
        if not bizuno_order.is_begun:
            expected += bizuno_order.freight + bizuno_order.discount
        rounding = order.currency_id.rounding
        if float_compare(float(expected), order.amount_untaxed, precision_rounding=rounding):
            importer.problem_of(key, "total_amount", str(round(expected, 4)), "order_total")

    def _tell_lines(self, bizuno_order):
        for line in bizuno_order.lines:
            if line.amount and not line.ordered:
                key = f"journal_item.{line.id}"
                self.importer.problem_of(key, "qty", str(line.amount), "order_line_empty")

    def _get_taken(self, numbers):
        orders_here = self.env[self.model].search_fetch(
            [
                ("name", "in", [*{*numbers} - {""}]),
                ("company_id", "=", self.importer.run.company_id.id),
            ],
            ["name"],
        )
        return {*orders_here.mapped("name")}

    def _moment(self, day):
        return fields.Datetime.to_string(self.importer._in_utc(datetime.combine(day, time(12))))

    # what has come over before
    def _given(self, bizuno_order):
        return {
            "number": bizuno_order.number,
            "date": str(bizuno_order.date),
            "lines": [
                [line.id, str(line.quantity), str(line.amount)] for line in bizuno_order.lines
            ],
            "rest": [str(bizuno_order.freight), str(bizuno_order.discount), bizuno_order.is_begun],
        }

    def _written(self, order):
        names = ("state", "amount_total", "invoice_count", self.reference)
        return {name: plain(order, name) for name in names}

    def _follow(self, key, known, bizuno_order):
        """What has become of an order in Bizuno since becomes of it here, if nobody has used it."""
        bizuno_values = self._given(bizuno_order)
        if known.given == bizuno_values:
            self.count["unchanged"] += 1
            return
        order = self.env[self.model].browse(known.res_id)
        if known._is_touched() or not self.importer.attempt(
            None, lambda: self._change(order, bizuno_order)
        ):
            self.importer.problem_of(key, "invoice_num", bizuno_order.number, "order_changed")
            self.count["unchanged"] += 1
            return
        self._tell(key, bizuno_order, order)
        known.given, known.written = bizuno_values, self._written(order)
        self.count["updated"] += 1

    def _change(self, order, bizuno_order):
        order = self._as_import(order)
        if order.state != "draft":
            self._cancel(order)
            self._reopen(order)
        lines = [Command.create(line) for line in self._lines(bizuno_order)]
        order.write({"order_line": [Command.clear(), *lines]})
        if lines:
            if bizuno_order.journal == self.confirmed:
                self._confirm(bizuno_order, order)
        else:
            self._cancel(order)

    def _end(self, key, known):
        """An order is open in Bizuno no longer."""
        self.count["read"] += 1
        order = self._as_import(self.env[self.model].browse(known.res_id))
        if known._is_touched() or not self.importer.attempt(None, lambda: self._cancel(order)):
            self.importer.problem_of(key, "closed", known.given["number"], "order_closed")
            self.count["unchanged"] += 1
            return
        known.given, known.written = {**known.given, "lines": []}, self._written(order)
        self.count["updated"] += 1


class SaleOrders(OpenOrders):
    """Those of customers."""

    step, model, confirmed = "orders", "sale.order", orders.SALES_ORDER
    quantity, reference = "product_uom_qty", "client_order_ref"

    def _confirm(self, bizuno_order, order):
        order.action_confirm()
        # Confirming is of today, for Odoo.
        order.date_order = self._moment(bizuno_order.date)

    def _cancel(self, order):
        order._action_cancel()

    def _reopen(self, order):
        order.action_draft()

    def _own_vals(self, bizuno_order, is_order):
        # The prices are those that were agreed, in the company's currency.
        vals = {"pricelist_id": False}
        if not is_order:
            vals["validity_date"] = as_text(bizuno_order.last_day)
        elif bizuno_order.last_day and bizuno_order.last_day > bizuno_order.date:
            vals["commitment_date"] = self._moment(bizuno_order.last_day)
        if address := self._ship_to(bizuno_order):
            vals["partner_shipping_id"] = address
        return vals

    def _taxes(self, line):
        tax = self.importer._choice("tax", line.tax_rate)
        return [tax] if tax else []

    def _ship_to(self, bizuno_order):
        """:return: id of the address to which the order goes, None where it does not say: then it
        is one of the customer's, as Odoo chooses it"""
        importer = self.importer
        if bizuno_order.ship_to:
            return importer.places.get(f"ship.{ship_to_id(bizuno_order)}")
        if address := importer.places.get(bizuno_order.address):
            return address
        return importer.partners.get(bizuno_order.ship_contact)
