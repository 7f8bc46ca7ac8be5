"""How much of what is in a Bizuno company, table by table and year by year."""

from collections import Counter


def by_year(company):
    """
    :param company: `company.Company`
    :return: [(table, journal or "", rows, {year: rows})], with the year "" for rows without one;
        journal_main by journal, the rest of the tables without years where they have no date

    >>> from types import SimpleNamespace as Any
    >>> from datetime import date
    >>> by_year(Any(tables={"contacts": 2}, years={}, log=(), projects=(), contacts={
    ...     "1": Any(first_date=date(2024, 1, 2)), "2": Any(first_date=None)}))
    [('contacts', '', 2, {'2024': 1, '': 1})]
    """
    years = {
        "contacts": Counter(_year(contact.first_date) for contact in company.contacts.values()),
        "contacts_log": Counter(_year(entry.date) for entry in company.log),
        "crmProjects": Counter(_year(project.created) for project in company.projects),
    }
    rows = []
    for table, count in company.tables.items():
        if table != "journal_main":
            rows.append((table, "", count, dict(years.get(table, {}))))
            continue
        journals = {}
        for (journal, year), number in company.years.items():
            journals.setdefault(journal, {})[year] = number
        for journal in sorted(journals, key=lambda code: (len(code), code)):
            numbers = journals[journal]
            rows.append((table, journal, sum(numbers.values()), numbers))
    return rows


def _year(day):
    return str(day.year) if day else ""
