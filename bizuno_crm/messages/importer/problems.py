"""What is wrong with a row, what was done about it, and the remedy."""


def import_problem_titles(env):
    return (
        env._("Table"),
        env._("Row"),
        env._("Field"),
        env._("Value"),
        env._("What is wrong"),
        env._("What was done, and what to do"),
    )


def import_problem(env, code):
    """
    :param str code: of a `logic.bizuno_dump.problems.Problem`
    :return: (what is wrong, what was done about it and the remedy)
    """
    return _PROBLEMS[code](env)


_PROBLEMS = {
    "no_opening_account": lambda env: (
        env._("No opening account was chosen for the open documents."),
        env._("The document was left out. Choose the account, and run again."),
    ),
    "amount_wrong": lambda env: (
        env._("A number of the document, or of one of its payments, cannot be read."),
        env._("It was left out. Correct the number in Bizuno, make the dump again, and run again."),
    ),
    "rate_wrong": lambda env: (
        env._("The document is in another currency, and its exchange rate cannot be read."),
        env._("It was moved in the company's currency, with the same balance."),
    ),
    "price_number": lambda env: (
        env._("A number of this level cannot be read."),
        env._("The level was left out. Add its rule to the pricelist."),
    ),
    "document_of_nobody": lambda env: (
        env._("The contact of the document was not moved."),
        env._("It was left out. Book what is open by hand."),
    ),
    "payment_orphan": lambda env: (
        env._("The payment that this line belongs to no longer exists in Bizuno."),
        env._("The document is paid by it here, as in Bizuno. Check whether it really is."),
    ),
    "login": lambda env: (
        env._("The contact is only a login in Bizuno."),
        env._("It is no contact in Odoo. Match it with a user on the tab Map."),
    ),
    "contact_left": lambda env: (
        env._("The row belongs to a contact that was not moved."),
        env._("It was left out. The contact's own row says why."),
    ),
    "document_contact": lambda env: (
        env._("The document names a contact that no longer exists in Bizuno."),
        env._(
            "It was left out, unless it was here already. Restore the contact in Bizuno, and make "
            "the dump again."
        ),
    ),
    "document_changed": lambda env: (
        env._(
            "The open amount of the document has changed in Bizuno, but it has already been used "
            "in Odoo."
        ),
        env._(
            "Odoo's version was kept. The amount open in Bizuno is shown here: book the difference."
        ),
    ),
    "document_settled": lambda env: (
        env._("The document is no longer open in Bizuno, but it has already been used in Odoo."),
        env._("Odoo's version was kept. Book the payment if it is still open here."),
    ),
    "purchase_open": lambda env: (
        env._(
            "A quotation of a vendor, or a purchase order, is open, and the Purchase app is not "
            "installed."
        ),
        env._("It was left out. Install Purchase, and run again."),
    ),
    "order_empty": lambda env: (
        env._("The order has been fully invoiced, but it is still open in Bizuno."),
        env._("It was left out because nothing remains open. Close it in Bizuno."),
    ),
    "order_number_taken": lambda env: (
        env._("Another order in Odoo has this number."),
        env._("The order got the next number."),
    ),
    "order_tax": lambda env: (
        env._("The order has an amount of sales tax, and Bizuno does not say from which rate."),
        env._("The order was moved without that tax. Choose the taxes on its lines."),
    ),
    "order_rest": lambda env: (
        env._("The order has freight or a discount, and part of it has been invoiced."),
        env._("Freight and discount were not moved. Add what remains of them."),
    ),
    "order_total": lambda env: (
        env._(
            "The lines add up to a different total in Odoo, because prices have fewer decimals "
            "here."
        ),
        env._("Bizuno's total is shown here. Correct a price."),
    ),
    "order_line_empty": lambda env: (
        env._("The line of the order has an amount and no quantity."),
        env._("It was left out; its amount is shown here. Add it if it is still to be invoiced."),
    ),
    "order_changed": lambda env: (
        env._("The order has changed in Bizuno, but it has already been used in Odoo."),
        env._("Odoo's version was kept. Change it by hand."),
    ),
    "order_closed": lambda env: (
        env._("The order is no longer open in Bizuno, but it has already been used in Odoo."),
        env._("Odoo's version was kept. Cancel it if nothing remains to be delivered."),
    ),
    "sku_twice": lambda env: (
        env._("Another item has the same number."),
        env._("The second one was left out. Give it its own number in Bizuno."),
    ),
    "no_sku": lambda env: (
        env._("The item has no number."),
        env._("It was left out. Give it a number in Bizuno."),
    ),
    "product_unknown": lambda env: (
        env._("The order has an item that is not in Bizuno's inventory."),
        env._("A product was created for it, at the price of the order. Complete it."),
    ),
    "choice_missing": lambda env: (
        env._("Nobody has chosen what this is in Odoo."),
        env._("Odoo's default is used. Choose it on the tab Map, and run again."),
    ),
    "price_sheet_unknown": lambda env: (
        env._("The contact has a price sheet that no longer exists, or is not for customers."),
        env._("The contact has no price sheet. Choose one."),
    ),
    "price_vendor": lambda env: (
        env._(
            "Odoo has vendors' prices for one product each, and this price sheet names no item, "
            "or nobody from whom."
        ),
        env._("The price sheet was left out. Enter the prices on the products, under Purchase."),
    ),
    "price_vendor_app": lambda env: (
        env._("The price sheet says what a vendor charges, and the Purchase app is not installed."),
        env._("It was left out. Install Purchase, and run again."),
    ),
    "price_vendor_fixed": lambda env: (
        env._("Bizuno calculates this price from the cost or the price of the item."),
        env._("Odoo keeps the price of the day of the dump. Change it when the cost changes."),
    ),
    "price_of_item": lambda env: (
        env._(
            "The price sheet is for one item and all customers, and no general price sheet was "
            "moved."
        ),
        env._("It was left out. Add its prices to a pricelist."),
    ),
    "price_default": lambda env: (
        env._("In Bizuno this price sheet is for all customers without one of their own."),
        env._("In Odoo that is the first pricelist: move it to the top if you want the same here."),
    ),
    "price_post": lambda env: (
        env._("Bizuno applies this price sheet on top of another one."),
        env._("In Odoo it is calculated from the sales price. Check the prices."),
    ),
    "price_currency": lambda env: (
        env._("The currency of the price sheet is not active in Odoo."),
        env._("The prices are in the company's currency. Correct them."),
    ),
    "price_own_first": lambda env: (
        env._(
            "The contact has prices of its own and a general price sheet; Bizuno takes the lower "
            "one."
        ),
        env._("In Odoo its own prices come first, even if the price sheet is lower."),
    ),
    "price_gone": lambda env: (
        env._("The price sheet no longer has this level, and somebody has changed its rule here."),
        env._("The rule was kept. Delete it if you do not need it."),
    ),
    "price_source": lambda env: (
        env._("It is unclear what the price of this level is calculated from."),
        env._("The level was left out. Add its rule to the pricelist."),
    ),
    "price_rounding": lambda env: (
        env._("Bizuno rounds the price of this level up, or to a fixed fraction."),
        env._("Odoo rounds it to the nearest step. Check the prices."),
    ),
    "price_percentage": lambda env: (
        env._("The percentage of this level has more than two decimals."),
        env._("Odoo keeps two if a price is also rounded, or calculated from the cost."),
    ),
    "price_lowest": lambda env: (
        env._("Bizuno takes the lowest of all levels that apply, and this one may be higher."),
        env._("Odoo takes the level with the greatest quantity. Check the prices."),
    ),
    "currency_inactive": lambda env: (
        env._("Documents are in a currency that is not active in Odoo."),
        env._(
            "They were moved in the company's currency. To keep theirs, activate it before the run."
        ),
    ),
    "document_future": lambda env: (
        env._("The document is dated later than today."),
        env._("It is booked today and due on its own date."),
    ),
    "number_other": lambda env: (
        env._("Odoo does not accept this number for the document."),
        env._("It got another one; Bizuno's is its payment reference."),
    ),
    "status_unknown": lambda env: (
        env._("Bizuno has no such status."),
        env._("The contact is active. Choose its status."),
    ),
    "type_unknown": lambda env: (
        env._("Bizuno has no such type of contact."),
        env._("The contact has no role. Choose its roles."),
    ),
    "no_name": lambda env: (
        env._("The contact has no name."),
        env._("Its e-mail or Contact ID is used as its name. Enter its name."),
    ),
    "no_contact_id": lambda env: (
        env._("The contact has no Contact ID."),
        env._("It got the next number."),
    ),
    "contact_id_twice": lambda env: (
        env._("Another contact has the same Contact ID, perhaps written differently."),
        env._("It got the next number. If both are the same company, merge them."),
    ),
    "row_twice": lambda env: (
        env._("The ID is in the file twice."),
        env._("The second row was left out. Make the dump again."),
    ),
    "rep_unknown": lambda env: (
        env._("The sales rep does not exist in Bizuno."),
        env._("The contact has no sales rep. Choose one."),
    ),
    "rep_no_user": lambda env: (
        env._("The sales rep is a contact that is not a user in Bizuno."),
        env._("There is no sales rep. Choose one."),
    ),
    "user_none": lambda env: (
        env._("Rows of this table name somebody who is not a user in Bizuno."),
        env._("They have no user here; calls are under your name, with this one in their notes."),
    ),
    "user_missing": lambda env: (
        env._("Nobody has chosen who this user is in Odoo."),
        env._(
            "What is the user's has no sales rep, and the calls are under your name. Choose the "
            "user on the tab Map before the run; later, contacts and calls get it by another run."
        ),
    ),
    "owner_unknown": lambda env: (
        env._("The person belongs to a contact that no longer exists."),
        env._("It was moved as a lead. Choose its company."),
    ),
    "owner_person": lambda env: (
        env._("The person belongs to another person, or to itself."),
        env._("It was moved as a lead. Choose its company."),
    ),
    "terms_wrong": lambda env: (
        env._("These are not Bizuno payment terms."),
        env._("The default terms are used. Choose the terms."),
    ),
    "date_zero": lambda env: (
        env._("The date is zero."),
        env._("It was left empty."),
    ),
    "date_wrong": lambda env: (
        env._("There is no such date."),
        env._("It was left empty. Enter the date."),
    ),
    "number_wrong": lambda env: (
        env._("This is not a number in a database format."),
        env._("It was ignored. Correct it in Bizuno, and make the dump again."),
    ),
    "json_wrong": lambda env: (
        env._("The value is not valid JSON, or is cut off."),
        env._("It was left out. Enter its contents by hand."),
    ),
    "orphan": lambda env: (
        env._("The row belongs to a record that no longer exists."),
        env._("It was left out."),
    ),
    "reference_unknown": lambda env: (
        env._("The row names a contact that no longer exists."),
        env._("It was moved without that contact. Choose one."),
    ),
    "no_date": lambda env: (
        env._("The row has no date."),
        env._("It was left out. Enter it by hand."),
    ),
    "rhythm_unknown": lambda env: (
        env._("Bizuno has no such recurrence."),
        env._("The reminder is set to once. Choose how often it repeats."),
    ),
    "not_decoded": lambda env: (
        env._("Part of the text is not in UTF-8."),
        env._("That part is a question mark now. Correct the text."),
    ),
    "row_unreadable": lambda env: (
        env._("The row contains something other than values."),
        env._("It was left out. Make the dump again."),
    ),
    "row_length": lambda env: (
        env._("The row has a different number of values than the table has columns."),
        env._("It was left out. Make the dump again."),
    ),
    "insert_unknown": lambda env: (
        env._("A statement does not list row values, or its columns are unknown."),
        env._("It was left out. Make a dump with the table structure and with the data as rows."),
    ),
    "country_unknown": lambda env: (
        env._("Odoo has no such country."),
        env._("The address has no country. Choose it."),
    ),
    "state_unknown": lambda env: (
        env._("Odoo knows no such state in the country of the address."),
        env._("It is in the notes of the address. Choose the state, if there is one."),
    ),
    "action_unknown": lambda env: (
        env._("The action is not among Bizuno's action codes."),
        env._("An action code was created for it. Give it a name."),
    ),
    "log_future": lambda env: (
        env._("The call is dated in the future."),
        env._("It was left out. Set a reminder for it."),
    ),
    "stage_unknown": lambda env: (
        env._("Odoo has no project stage with this code."),
        env._("The project is in the first stage. Choose its stage."),
    ),
    "market_unknown": lambda env: (
        env._("Odoo has no market with this code."),
        env._("The project has no market. Create the market, and choose it."),
    ),
    "market_cut": lambda env: (
        env._("Bizuno kept only the first letter of the market, and several markets share it."),
        env._("A market with that letter was chosen. Check whether it is right."),
    ),
    "number_taken": lambda env: (
        env._("Another project has this number."),
        env._("The project got the next number."),
    ),
    "user_unmapped": lambda env: (
        env._("Nobody has chosen who this user is in Odoo."),
        env._("The reminder was left out. Choose the user, and run again."),
    ),
    "promotion_sender": lambda env: (
        env._("You have no e-mail address, and a promotion needs a sender."),
        env._("It was left out. Enter the address in your preferences, and run again."),
    ),
    "closed_unknown": lambda env: (
        env._("It is unclear whether the document is open; Bizuno does not count it as open."),
        env._("It was not moved. Open or close it in Bizuno."),
    ),
    "promotion_dates": lambda env: (
        env._("The promotion has no dates, or ends before it starts."),
        env._("It ends on the day it starts. Choose its dates."),
    ),
    "promotion_sent": lambda env: (
        env._("The promotion was sent from Bizuno on these dates; Bizuno does not say to whom."),
        env._("The dates are in its history. It is archived, so that nobody gets it again."),
    ),
    "gone": lambda env: (
        env._("The record has since been deleted in Odoo."),
        env._("It was not created again."),
    ),
    "changed_here": lambda env: (
        env._("The value was changed both in Bizuno and in Odoo."),
        env._("Odoo's value was kept. Bizuno's is shown here."),
    ),
    "contact_deleted": lambda env: (
        env._("The contact is no longer in Bizuno: it was deleted or merged there."),
        env._("It was kept. Archive or merge it here, too."),
    ),
    "deleted": lambda env: (
        env._("The row is no longer in Bizuno: it was deleted or dismissed there."),
        env._("What it became here was kept. Delete or archive it if you do not need it."),
    ),
    "gone_there": lambda env: (
        env._("The person or address is no longer in Bizuno, and somebody has changed it here."),
        env._("It was kept. Archive it if you do not need it."),
    ),
    "other_here": lambda env: (
        env._("The contact was already in Odoo, with a different value."),
        env._("Odoo's value was kept. Bizuno's is shown here."),
    ),
    "refused": lambda env: (
        env._("Odoo refused the row: the value shows its reason."),
        env._("It was left out. Correct it in Bizuno, make the dump again, and run again."),
    ),
}
