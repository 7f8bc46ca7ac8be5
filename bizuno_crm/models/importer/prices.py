"""Products and price sheets."""

from ...logic.bizuno_dump import prices
from .values import clean

#: Odoo's own price lists stay before those that are brought over.
_DEFAULT_SEQUENCE, _SEQUENCE = 50, 60
# Of Bizuno's, that hold price sheets.
_TABLES = ("common_meta", "contacts", "contacts_meta", "inventory", "inventory_meta",
           "inventory_prices")  # fmt: skip
_BASES = {"full": "list_price", "cost": "standard_price"}


class Prices:
    """The steps of the `Importer` for products and price sheets."""

    def _bring_products(self):
        """Those that open quotations, orders and price sheets need; who is here is not touched."""
        bought = self.purchase_orders() if self.purchases else []
        bought_lines = {line.id for order in bought for line in order.lines}
        # What is sold and bought is told by what it is sold for.
        ordered = {
            line.sku: line
            for wanted_order in (*bought, *self._wanted_orders())
            for line in wanted_order.lines
            if line.quantity
        }
        by_id = {
            bizuno_product.id: bizuno_product for bizuno_product in self.company.products.values()
        }
        sheets = self._sheets()
        if self.purchases:
            sheets += [sheet for sheet, _vendor in self.vendor_sheets()]
        priced = {by_id[sheet.item].sku for sheet in sheets if sheet.item in by_id}
        wanted = sorted({*ordered, *priced} - {""})
        known = {f"product.{sku}" for sku in wanted}
        mine = {record.res_id for record in self.known([*known]).values()}
        here = self.env["product.product"].search_fetch(
            [
                ("default_code", "in", wanted),
                ("company_id", "in", (False, self.run.company_id.id)),
                ("id", "not in", [*mine]),
            ],
            ["default_code"],
        )
        existing = {
            product_here.default_code: product_here.id
            for product_here in here.sorted("id", reverse=True)
        }
        self.counts["products"].update(read=len(existing), unchanged=len(existing))
        items = []
        for sku in wanted:
            if sku not in existing:
                product, line = self.company.products.get(sku), ordered.get(sku)
                vals = self._product_vals(sku, product, line, line and line.id in bought_lines)
                items.append((f"product.{sku}", vals))
        saved = self.save("products", self.env["product.product"], items)
        self.products = existing | {
            key.removeprefix("product."): id_ for key, id_ in saved.items() if id_
        }

    def _product_vals(self, sku, product, line, is_bought):
        vals = {"default_code": sku, "type": "consu", "name": clean(line and line.name) or sku}
        if product is None:
            self._problem("journal_item", line.id, "sku", sku, "product_unknown")
            price = line.amount / line.ordered
            return vals | {"standard_price" if is_bought else "list_price": float(price)}
        text = product.sales_text
        return vals | {
            "name": clean(product.name),
            "type": "service" if product.is_service else "consu",
            "list_price": float(product.price),
            "standard_price": float(product.cost),
            "description_sale": text if text and text != product.name else False,
            "active": bool(line or not product.is_inactive),
            "property_account_income_id": self._choice("account", product.account),
        }

    def _sheets(self, is_bought=False):
        return [sheet for sheet in self.company.price_sheets if (sheet.kind != "c") == is_bought]

    def vendor_sheets(self):
        """:return: [(price sheet, id of the contact)] of those that say what one item costs from
        one vendor: that of the item, where the sheet is for all of them"""
        vendors = {product.id: product.vendor for product in self.company.products.values()}
        with_vendors = (
            (sheet, sheet.contact or vendors.get(sheet.item))
            for sheet in self._sheets(is_bought=True)
            if sheet.item
        )
        return [(sheet, vendor) for sheet, vendor in with_vendors if vendor]

    def _bring_vendor_prices(self):
        """What a vendor takes for an item. Odoo has nothing for all of the items of one."""
        sheets = self.vendor_sheets()
        if self.purchases:
            self.purchases.bring_prices(sheets)
        expressible = {sheet.id for sheet, _vendor in sheets}
        for sheet in self._sheets(is_bought=True):
            if sheet.id not in expressible:
                self.leave_sheet(sheet, "price_vendor", "vendor_prices")
            elif not self.purchases:
                self.leave_sheet(sheet, "price_vendor_app", "vendor_prices")

    def _bring_price_sheets(self):
        """A general sheet is a price list with a rule for each level. That of one item has a rule
        in each of them; those of one contact are together a price list of its own."""
        self.pricelists = {}
        general, of_item, of_contact = self._sort_sheets()
        lists = [self._general_list(general_sheet) for general_sheet in general]
        for contact, sheets in of_contact.items():
            name = clean(self.company.contacts[contact].name)
            lists.append((f"price.contact.{contact}", self._list_vals(sheets[0], name, _SEQUENCE)))
        saved = self.save("price_sheets", self.env["product.pricelist"], lists)
        self.pricelists |= {key.removeprefix("price."): id_ for key, id_ in saved.items() if id_}
        rules = []
        for general_sheet in general:
            rules += self._rules_of(general_sheet, general_sheet.id)
            for sheet in of_item:
                rules += self._rules_of(sheet, general_sheet.id, tell=general_sheet is general[0])
        for contact, sheets in of_contact.items():
            for sheet in sheets:
                rules += self._rules_of(sheet, f"contact.{contact}")
            rules += self._rest_of(contact, sheets)
        self.save("price_sheets", self.env["product.pricelist.item"], rules)
        within = tuple(f"{key}." for key, _vals in lists)
        self.remove_gone_levels("price_sheets", "product.pricelist.item", rules, "price.%", within)

    def remove_gone_levels(self, step, model, items, pattern, within=""):
        """What a level of a sheet has become is gone with the level, unless somebody has changed
        it.

        :param list items: (key, values) of all that the file has
        :param str pattern: of the keys of levels
        :param within: how the keys begin of what is looked at
        """
        if self.counting or self.recalling or self.company.list_:
            return
        if not self.company.gaps.isdisjoint(_TABLES):
            # They may be in what could not be read.
            return
        count, present_keys = self.counts[step], {key for key, _vals in items}
        for key, known in self.known_like(pattern, model).items():
            rule = self.env[model].browse(known.res_id).exists()
            if key in present_keys or not rule or not key.startswith(within):
                continue
            count["read"] += 1
            touched = known._is_touched() and not self.run.overwrite
            if touched or not known._remove():
                self.problem_of(key, "levels", rule.display_name, "price_gone")
                count["unchanged"] += 1
            else:
                count["updated"] += 1

    def _sort_sheets(self):
        """:return: (general sheets, those of one item, {contact: its sheets}), of those that come
        over"""
        general, of_item, of_contact = [], [], {}
        for price_sheet in self._sheets():
            if price_sheet.contact and price_sheet.contact not in self.company.contacts:
                self.leave_sheet(price_sheet, "orphan")
            elif price_sheet.contact:
                of_contact.setdefault(price_sheet.contact, []).append(price_sheet)
            elif price_sheet.item:
                of_item.append(price_sheet)
            elif chosen := self._choice("pricelist", _number(price_sheet), is_problem=False):
                self.pricelists[price_sheet.id] = chosen
                self.counts["price_sheets"].update(read=1, unchanged=1)
            else:
                general.append(price_sheet)
        if not general:
            for sheet in of_item:
                self.leave_sheet(sheet, "price_of_item")
        return general, of_item, of_contact

    def _general_list(self, sheet):
        if sheet.is_default:
            self.tell_sheet(sheet, "price_default")
        if sheet.is_last:
            self.tell_sheet(sheet, "price_post")
        sequence = _DEFAULT_SEQUENCE if sheet.is_default else _SEQUENCE
        vals = self._list_vals(sheet, sheet.title or _number(sheet), sequence)
        # Bizuno looks for the price of a contact in an inactive sheet, too.
        used = any(
            contact.price_sheet == _number(sheet) for contact in self.company.contacts.values()
        )
        return f"price.{sheet.id}", vals | {"active": used or not sheet.is_inactive}

    def _list_vals(self, sheet, name, sequence):
        return {"name": name, "sequence": sequence} | self.sheet_vals(sheet)

    def sheet_vals(self, sheet):
        """:return: company and currency of what a sheet becomes"""
        currency = self.run.company_id.currency_id
        if sheet.currency and sheet.currency != currency.name:
            other = self.env["res.currency"].search([("name", "=", sheet.currency)], limit=1)
            if not other:
                self.tell_sheet(sheet, "price_currency", sheet.currency)
            currency = other or currency
        return {"currency_id": currency.id, "company_id": self.run.company_id.id}

    def _rules_of(self, sheet, pricelist, tell=True):
        """:return: [(key, values)] of the rules of a sheet in a price list"""
        if pricelist not in self.pricelists:
            return []
        if tell:
            self._tell_levels(sheet)
        vals = {"pricelist_id": self.pricelists[pricelist], "applied_on": "3_global"}
        if sheet.item:
            product = self.product_of(sheet)
            if not product and not self.counting:
                if tell:
                    self.leave_sheet(sheet, "orphan")
                return []
            vals |= {"applied_on": "1_product", "product_tmpl_id": product.product_tmpl_id.id}
        return [
            (f"price.{pricelist}.{sheet.id}.{number}", vals | _rule_vals(rule))
            for number, rule in enumerate(prices.as_rules(sheet.levels), 1)
            if rule.base
        ]

    def _rest_of(self, contact, sheets):
        """What a contact with a sheet of its own pays for everything else: as its other sheet."""
        pricelist = self.pricelists.get(f"contact.{contact}")
        other = self._pricelist_of(self.company.contacts[contact])
        if not pricelist or not other:
            return []
        self.tell_sheet(sheets[0], "price_own_first")
        vals = {
            "pricelist_id": pricelist, "applied_on": "3_global", "compute_price": "formula",
            "base": "pricelist", "base_pricelist_id": other,
        }  # fmt: skip
        return [(f"price.contact.{contact}.rest", vals)]

    def _pricelist_of(self, contact):
        """:return: id of the price list of the general sheet that a contact has, or False"""
        if not contact.price_sheet:
            return False
        for table in ("common_meta", "inventory_prices"):
            if id_ := self.pricelists.get(f"{table}.{contact.price_sheet}"):
                return id_
        return False

    def product_of(self, sheet):
        """:return: the product that a sheet is for, an empty record for none"""
        sku = next(
            (product.sku for product in self.company.products.values() if product.id == sheet.item),
            "",
        )
        return self.env["product.product"].browse(self.products.get(sku, ())).exists()

    def _tell_levels(self, sheet):
        for number, rule in enumerate(prices.as_rules(sheet.levels), 1):
            for code in rule.lost:
                self.tell_sheet(sheet, code, f"{sheet.title}: {number}")

    def leave_sheet(self, sheet, code, step="price_sheets"):
        """Tell that a sheet does not come over, and why."""
        self.tell_sheet(sheet, code)
        self._skip(step)

    def tell_sheet(self, sheet, code, value=""):
        """Tell of a sheet what is wrong with it."""
        table, id_ = sheet.id.split(".")
        self._problem(table, id_, "levels", value or sheet.title, code)


def _number(sheet):
    """The id by which a contact names a general sheet."""
    return sheet.id.split(".")[1]


def _rule_vals(rule):
    vals = {"min_quantity": rule.quantity}
    if rule.base == "typed":
        return vals | {"compute_price": "fixed", "fixed_price": float(rule.surcharge)}
    if rule.base == "full" and not rule.surcharge and not rule.step:
        return vals | {"compute_price": "percentage", "percent_price": float(rule.discount)}
    return vals | {
        "compute_price": "formula",
        "base": _BASES[rule.base],
        "price_discount": float(rule.discount),
        "price_surcharge": float(rule.surcharge),
        "price_round": float(rule.step),
    }
