"""What the program notes for itself, and how it is not offered."""

# Of a contact. Nobody is offered it to filter, group, sort or export by.
TECHNICAL = (
    "account_restriction", "aged_domain", "aged_payable_domain", "bizuno_terms_written",
    "can_edit_account", "contact_id_conflict", "is_aging_visible", "lookup_text",
    "specific_property_product_pricelist", "tax_exempt_warned",
)  # fmt: skip
_OFFERS = {"searchable", "groupable", "sortable", "exportable"}


def withhold(infos, names):
    """For menus only: domains and groups of views and favourites are as free as ever.

    :param dict infos: as `fields_get` returns it; :return: the same, with these fields not offered
    """
    for name in names:
        if name in infos:
            infos[name].update(dict.fromkeys(_OFFERS & infos[name].keys(), False))
    return infos
