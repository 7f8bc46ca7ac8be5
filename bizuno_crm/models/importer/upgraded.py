"""A company that was moved before Bizuno 7.0 and comes again after Bizuno's own upgrade: that gives
addresses, people, price sheets, projects, reminders and promotions new tables and ids."""

from .values import clean

#: {step: (how the keys of their rows begin before 7.0, by which values they are known again)}
_MOVED = {
    # A price list by its name, each of its rules by the list and what it is for.
    "price_sheets": (
        ("price.%inventory_prices.%",),
        ("name", "pricelist_id", "min_quantity", "product_tmpl_id"),
    ),
    "vendor_prices": (
        ("vendor_price.inventory_prices.%",),
        ("partner_id", "product_tmpl_id", "min_qty"),
    ),
    "addresses": (("address_book.%", "contacts.%"), ("parent_id", "type", "name", "street")),
    "projects": (("project.crmProjects.%",), ("number",)),
    "reminders": (
        ("reminder.users_profiles.%", "reminder.project.crmProjects.%"),
        ("name", "recurrence", "date_start"),
    ),
    "promotions": (("promotion.crmPromos.%",), ("name", "subject")),
}


class Upgraded:
    """A part of the `Importer`."""

    def take_over_upgraded(self, step, model, items):
        """What has come over by its old key is known by its new one from now on.

        :param str model: of the records
        :param list items: (new key of a row, values by which it is known, or more)
        """
        if step not in _MOVED or self.counting or self.company.list_ or self.company.layout == "6":
            return
        patterns, names = _MOVED[step]
        old = [
            record
            for pattern in patterns
            for key, record in sorted(
                self.known_like(pattern, model).items(),
                key=lambda key_and_record: key_and_record[1].id,
            )
            if self._is_of_before(key)
        ]
        if not old:
            return
        known, waiting, taken = self.known([key for key, _vals in items]), {}, []
        for key, vals in items:
            if key not in known:
                identity = tuple(vals.get(name) or False for name in names)
                waiting.setdefault(identity, []).append(key)
        for record in old:
            keys = waiting.get(tuple(record.given.get(name) or False for name in names))
            if keys:
                record.key = keys.pop(0)
                taken.append((record.key, self.env[record.res_model].browse(record.res_id)))
        self.name_externally(taken)

    def _is_of_before(self, key):
        """People were contacts before 7.0; those who still are have kept their ids."""
        table, id_, *part = key.split(".")
        return table != "contacts" or not (part or id_ in self.company.contacts)

    def _take_over_people(self):
        """Before it is told which contacts are gone."""
        self.take_over_upgraded(
            "addresses",
            "res.partner",
            [
                (f"contacts_meta.{address.id}", self.identity_of_child(address))
                for address in self.company.addresses
                if address.contact in self.partners
            ],
        )

    def _take_over_projects(self):
        """Before it is asked whose number is taken."""
        self.take_over_upgraded(
            "projects",
            "bizuno.project",
            [
                (f"project.{project.id}", {"number": clean(project.number)})
                for project in self.company.projects
            ],
        )

    def _take_over_promotions(self):
        """Before it is asked which of them need a sender."""
        self.take_over_upgraded(
            "promotions",
            "bizuno.promo",
            [
                (
                    f"promotion.{promotion.id}",
                    {"name": promotion.title, "subject": promotion.subject},
                )
                for promotion in self.company.promotions
            ],
        )
