"""What has come over before, and is in Bizuno no longer, or never was in the Bizuno of the file."""

from ...logic import contact_id
from .values import clean

# Who has renamed and renumbered no more contacts than these is still the same company.
_FEW = 2
# How the keys of their rows begin.
_PATTERNS = {
    "contacts": "contacts.%",
    "log": "contacts_log.%",
    "projects": "project.%",
    "reminders": "reminder.%",
    "promotions": "promotion.%",
}


class Gone:
    """A part of the `Importer`: what was deleted in Bizuno stays here, and is told as long as it is
    not archived or deleted here, too."""

    def tell_gone(self, step, model, present_keys, tables):
        """
        :param str model: of the records
        :param present_keys: the keys of all rows of the kind that are in the file
        :param tables: of Bizuno that hold the rows
        """
        if self.counting or self.recalling or self.company.list_:
            return
        if not self.company.gaps.isdisjoint(tables):
            # They may be in what could not be read.
            return
        present_keys, model = {*present_keys}, self.env[model].with_context(active_test=False)
        known = self.env["bizuno.import.record"].search_fetch(
            [
                ("company_id", "=", self.run.company_id.id),
                ("key", "=like", _PATTERNS[step]),
                ("res_model", "=", model._name),
            ],
            ["key", "res_id"],
        )
        gone = {
            known_record.res_id: known_record.key
            for known_record in known
            # Longer keys are people and addresses of a contact.
            if known_record.key not in present_keys
            and not (step == "contacts" and known_record.key.count(".") > 1)
        }
        is_contact = step == "contacts"
        field, code = ("short_name", "contact_deleted") if is_contact else ("", "deleted")
        for record in model.browse(gone).exists():
            if "active" not in record._fields or record.active:
                name = (is_contact and record.ref) or record.display_name
                self.problem_of(gone[record.id], field, name, code)


def others_here(company, bizuno_company):
    """Whether what came into a company before was another company of Bizuno's: both count their
    rows from 1, so most contacts with the same number are others.

    :param company: `res.company`
    :param bizuno_company: `logic.bizuno_dump.records.Company`
    :return: (how many are others, the name of one of them here, and in the file), or None
    """
    if bizuno_company.list_:
        # Contacts of a list are known by their Contact ID.
        return None
    records = company.env["bizuno.import.record"].search_fetch(
        [
            ("company_id", "=", company.id),
            ("res_model", "=", "res.partner"),
            ("key", "in", [f"contacts.{id_}" for id_ in bizuno_company.contacts]),
        ],
        ["key", "given"],
    )
    same, others = 0, []
    for record in records:
        contact, values = bizuno_company.contacts[record.key.split(".")[1]], record.given
        if clean(contact.name) == values.get("name") or contact_id.key(
            contact.contact_id
        ) == contact_id.key(values.get("ref") or ""):
            same += 1
        else:
            others.append((values.get("name") or "", contact.name))
    return (len(others), *others[0]) if len(others) > max(same, _FEW) else None
