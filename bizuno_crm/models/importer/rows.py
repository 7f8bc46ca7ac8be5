"""What a row of Bizuno becomes: a record is made, found again, brought up to date or left, and what
it has become is remembered."""

from odoo.exceptions import UserError
from odoo.tools import mute_logger
from psycopg2 import DataError, IntegrityError

from ...logic.bizuno_dump.values import external_name
from .values import plain

#: The namespace of the external ids.
NAMESPACE = "__bizuno__"
_BATCH = 500
# What Odoo and the database say of values that cannot stand in a field.
_REFUSALS = (UserError, IntegrityError, DataError, ValueError)


class Rows:
    """A part of the `Importer`."""

    def save(self, step, model, items, existing=None, once=None):
        """Create, update or leave the records of rows.

        :param list items: (key of the row, values as JSON has them)
        :param dict existing: {key: id} of records that are here without having been brought over
        :param dict once: {key: values that are of the run and not of the row}: written to what is
            made, and by no later run
        :return: {key: id}
        """
        model = self.as_import(model)
        if self.counting:
            self.counts[step]["read"] += len(items)
            return {key: -number for number, (key, _vals) in enumerate(items, 1)}
        self.take_over_upgraded(step, model._name, items)
        known = self.known([key for key, _vals in items])
        if self.recalling:
            return {key: record.res_id for key, record in known.items()}
        saved, fresh = {}, []
        here = model.browse([record.res_id for record in known.values()]).exists()
        here = {record.id: record for record in here}
        for number, (key, vals) in enumerate(items):
            if number % _BATCH == 0:
                self.tell(step)
            self.counts[step]["read"] += 1
            if key in known:
                record = here.get(known[key].res_id, model)
                saved[key] = self._update(step, record, known[key], vals)
            elif existing and key in existing:
                saved[key] = self._adopt(step, model.browse(existing[key]), key, vals)
            else:
                fresh.append((key, vals))
        for rows in self.batches(step, fresh, _BATCH):
            saved |= self._create(step, model, rows, once or {})
        return {key: id_ for key, id_ in saved.items() if id_}

    def as_import(self, model):
        """:return: the model, in the context that says what writes to it"""
        return model.with_context(
            active_test=False, tracking_disable=True, mail_create_nosubscribe=True,
            # A tax number stands as it is, right or wrong.
            bizuno_import=self, no_vat_validation=True,
        )  # fmt: skip

    def known(self, keys):
        """:return: {key: what is known of the row}, of those that have come over before"""
        records = self.env["bizuno.import.record"].search(
            [("company_id", "=", self.run.company_id.id), ("key", "in", keys)]
        )
        return {record.key: record for record in records}

    def known_like(self, pattern, *models):
        """:return: {key: what is known of the row} of all rows of a kind that are in these models
        here"""
        records = self.env["bizuno.import.record"].search(
            [
                ("company_id", "=", self.run.company_id.id),
                ("key", "=like", pattern),
                ("res_model", "in", models),
            ]
        )
        return {record.key: record for record in records}

    def _update(self, step, record, known, vals):
        """:param record: what the row has become; an empty one if that is gone"""
        if not record:
            self.problem_of(known.key, "", "", "gone")
            self._skip(step, read=False)
            return None
        changed_there = {
            name: value for name, value in vals.items() if known.given.get(name, False) != value
        }
        new, kept = self._not_changed_here(record, known, vals, changed_there)
        as_written = self.as_written(new, is_new=False)
        if new and not self.attempt(known.key, lambda: record.write(as_written)):
            self._skip(step, read=False)
            return record.id
        self._forget_typed(record, new)
        # A file may say less than the one before. What is kept of Odoo's is told again.
        bizuno_values = known.given | {
            name: value for name, value in changed_there.items() if name not in kept
        }
        written = self._written(record, new) if new else {}
        written |= self._written(record, changed_there.keys() - known.written.keys() - kept)
        if bizuno_values != known.given or written:
            known.given, known.written = bizuno_values, known.written | written
        if new:
            self.rewritten.setdefault(known.key, set()).update(new)
        self.counts[step]["updated" if new else "unchanged"] += 1
        return record.id

    def _not_changed_here(self, record, known, vals, changed_there):
        """
        :param dict vals: all that the file says of a row
        :param dict changed_there: what it says for the first time
        :return: (what is written of it, set of the names of what somebody has changed here and is
            kept, which is told)
        """
        changed = {
            name
            for name in (vals if self.run.overwrite else changed_there)
            if name in known.written and plain(record, name) != known.written[name]
        }
        if self.run.overwrite:
            # A contact that was here before keeps what it had.
            changed_there = changed_there | {
                name: vals[name] for name in changed if not isinstance(known.written[name], list)
            }
        new, kept = {}, set()
        for name, value in changed_there.items():
            if plain(record, name) == value:
                # It was done here, too.
                continue
            is_mine = isinstance(known.written.get(name), list)
            if name in changed and (is_mine or not self.run.overwrite):
                self.problem_of(known.key, name, str(value), "changed_here")
                kept.add(name)
            else:
                new[name] = value
        return new, kept

    def _adopt(self, step, record, key, vals):
        """A contact that was here before: what it lacks is filled in."""
        new, mine = {}, {}
        for name, value in vals.items():
            here = plain(record, name)
            if value and not here:
                new[name] = value
            elif here and here != value:
                # Equal to nothing that can stand in a field: so it stays a user's.
                mine[name] = [here]
                if value:
                    self.problem_of(key, name, str(value), "other_here")
        if new and not self.attempt(key, lambda: record.write(new)):
            self._skip(step, read=False)
            return record.id
        self._forget_typed(record, new)
        self.remember([(key, record, vals, self._written(record, vals) | mine)], was_created=False)
        self.counts[step]["updated" if new else "unchanged"] += 1
        return record.id

    def _create(self, step, model, items, once):
        as_written = [
            (key, self.as_written(vals, is_new=True) | once.get(key, {})) for key, vals in items
        ]
        made = self.create_all(
            as_written, lambda rows: self.make(model, [vals for _key, vals in rows])
        )
        names = {name for _key, vals in as_written for name in vals}
        self._forget_typed(model.browse([record.id for record in made if record]), names)
        rows = [
            (key, record, vals, self._written(record, vals | once.get(key, {})))
            for (key, vals), record in zip(items, made, strict=True)
            if record
        ]
        self.remember(rows, was_created=True)
        self.counts[step]["created"] += len(rows)
        self.counts[step]["skipped"] += len(items) - len(rows)
        return {key: record.id for key, record, _vals, _written in rows}

    def make(self, model, vals_list):
        """:return: new records of these values"""
        return model.create(vals_list)

    def create_all(self, rows, create, alone=None):
        """Make records of rows: all at once, or one by one where one of them is refused, so that it
        is told which one, and why.

        :param list rows: tuples that begin with the key of the row
        :param create: function that makes the records of some of the rows, in their order
        :param alone: function that makes that of one row, as `created`; None: by `create`
        :return: list of records, None for a row that is refused
        """
        made = self.created(None, create, rows)
        if made is None:
            alone = alone or (lambda row: self.created(row[0], create, [row]))
            made = [(alone(row) or [None])[0] for row in rows]
        return made

    def created(self, key, create, rows):
        """:return: list of the records, None where they are refused, which is told of the key"""
        made = []
        return made if self.attempt(key, lambda: made.extend(create(rows))) else None

    def attempt(self, key, action):
        """:return: whether it went well; else nothing of it is done, and told with its row"""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                action()
                self.env.flush_all()
        except _REFUSALS as error:
            if key:
                text = str(error.args[0] if error.args else error).strip().splitlines()
                self.problem_of(key, "", text[0] if text else "", "refused")
            return False
        return True

    def remember(self, rows, was_created):
        """Keep what rows have become.

        :param rows: [(key, record, values given, values that stand in the record now, or None for
            the fields of those given)]
        """
        self.env["bizuno.import.record"].create(
            [
                {
                    "key": key,
                    "res_model": record._name,
                    "res_id": record.id,
                    "run_id": self.run.id,
                    "company_id": self.run.company_id.id,
                    "was_created": was_created,
                    "given": vals,
                    "written": self._written(record, vals) if written is None else written,
                }
                for key, record, vals, written in rows
            ]
        )
        self.name_externally((key, record) for key, record, _vals, _written in rows)

    def name_externally(self, rows):
        """:param rows: iterable of (key of a row, record)"""
        company = self.run.company_id.id
        self.env["ir.model.data"]._update_xmlids(
            [
                {
                    "xml_id": f"{NAMESPACE}.c{company}_{external_name(key)}",
                    "record": record,
                    "noupdate": True,
                }
                for key, record in rows
            ]
        )

    def _forget_typed(self, records, names):
        """What is worked out of what was written is as it was typed until it is read anew: terms of
        Bizuno's are written in several ways, and stand here in one."""
        fields = records._fields
        worked_out = {name for name in names if fields[name].compute and not fields[name].store}
        records.invalidate_recordset(worked_out)

    def _written(self, record, vals):
        return {name: plain(record, name) for name in vals}
