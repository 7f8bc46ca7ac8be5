/* Every text that is shown on the page, tooltips and placeholders too; not what people wrote. */
() => {
    const WRITTEN =
        ".o-mail-Message, .o_field_html, .o_user_menu, .o_switch_company_menu," +
        " .o_field_char:not(.o_field_translate), input, textarea, script, style";
    const texts = new Set();
    const root = document.querySelector(".modal .modal-content") || document.body;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const el = node.parentElement;
        if (el.checkVisibility() && !el.closest(WRITTEN)) {
            texts.add(node.nodeValue.replace(/\s+/g, " ").trim());
        }
    }
    for (const name of ["title", "placeholder", "aria-label", "data-tooltip"]) {
        for (const el of root.querySelectorAll(`[${name}]`)) {
            if (el.checkVisibility() && !el.closest(".o-mail-Message")) {
                texts.add(el.getAttribute(name).replace(/\s+/g, " ").trim());
            }
        }
    }
    return [...texts].filter(Boolean);
};
