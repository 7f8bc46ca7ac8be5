/* Which of the elements that these selectors name carry our markup? */
({ selectors, names }) => {
    const known = new Set(names);
    // What Odoo draws by itself wherever there is a list, a search box or a user.
    const ODOOS =
        ".o_control_panel, .o_notebook_headers, .o_list_record_selector, .o_avatar," +
        " [id^=checkbox-comp], .o_optional_columns_dropdown, .o_list_actions_header," +
        " .o_field_list_activity, .o_field_kanban_activity, .o_field_boolean," +
        " .o_field_contact_statistics," +
        " .o_field_many2one_avatar_user, .o_m2o_avatar, .o_select_menu, .o-mail-Chatter";
    // The class o_bizuno_tabs stands on Odoo's notebook, with tabs of Odoo's.
    const isOurs = (el) => {
        if (el.closest(ODOOS)) {
            return false;
        }
        for (let one = el; one; one = one.parentElement) {
            const classes = one.getAttribute("class");
            if (known.has(one.getAttribute("name")) || /bizuno(?!_tabs)/.test(classes)) {
                return true;
            }
        }
        return false;
    };
    return selectors.map((selector) => {
        const el = document.querySelector(selector);
        return Boolean(el && isOurs(el));
    });
};
