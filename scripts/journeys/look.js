/* What a person would see at a glance: returns texts of what is wrong on the page as it is shown. */
({ names }) => {
    const SHORT = 24; // characters: a longer text may end in an ellipsis, a shorter one may not
    const isPhone = innerWidth < 600;
    const dialogs = [...document.querySelectorAll(".modal .modal-content")];
    const roots = dialogs.length
        ? dialogs.slice(-1)
        : [...document.querySelectorAll(".o_action_manager .o_content, #wrap")];
    // What Odoo draws in its own way on every page, and what people wrote themselves.
    const ODOOS =
        ".o-mail-Chatter, .o-mail-Message, .o_searchview, .o_pager, .o_cp_buttons," +
        " .o_field_html, .o_field_list_activity, pre, .o_ribbon, .ribbon, .o_tag, .o_avatar, .o_statusbar_status";
    // On a page of ours everything counts, on one of Odoo's what we have put there.
    const isOurPage = /bizuno-[^/]*(\/([0-9]+|new))?$/.test(location.pathname);
    const known = new Set(names);
    const isOurs = (el) => {
        for (let one = el; one && !isOurPage; one = one.parentElement) {
            if (known.has(one.getAttribute("name")) || /bizuno/.test(one.getAttribute("class"))) {
                return true;
            }
        }
        return isOurPage;
    };
    const problems = [];
    const seen = (el) => {
        const box = el.getBoundingClientRect();
        return (
            box.width > 1 &&
            box.height > 1 &&
            el.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        );
    };
    const where = (el) => {
        const named = el.closest("[name], [class*=bizuno]");
        return named ? ` (in ${named.getAttribute("name") || named.className})` : "";
    };
    const short = (text) => (text.length <= SHORT ? text : `${text.slice(0, SHORT)}…`);

    if (document.documentElement.scrollWidth > innerWidth + 1) {
        problems.push(`the page is ${document.documentElement.scrollWidth} px wide`);
    }
    for (const root of roots) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            const text = node.nodeValue.replace(/\s+/g, " ").trim();
            const el = node.parentElement;
            if (
                !text ||
                el.closest(ODOOS) ||
                el.closest("script, style, option") ||
                !seen(el) ||
                !isOurs(el)
            ) {
                continue;
            }
            const range = document.createRange();
            range.selectNodeContents(node);
            const box = range.getBoundingClientRect();
            if (!box.width) {
                continue;
            }
            let left = 0;
            let right = innerWidth;
            let mayScroll = false;
            let mayEnd = false;
            for (let one = el; one && one !== document.body; one = one.parentElement) {
                const style = getComputedStyle(one);
                if (style.overflowX === "visible" && style.textOverflow !== "ellipsis") {
                    continue;
                }
                const clip = one.getBoundingClientRect();
                left = Math.max(left, clip.left);
                // An ellipsis begins where the padding does.
                const isShortened = style.textOverflow === "ellipsis";
                const padding = isShortened ? parseFloat(style.paddingRight) : 0;
                right = Math.min(right, clip.right - padding);
                mayScroll ||=
                    ["auto", "scroll"].includes(style.overflowX) &&
                    one.scrollWidth > one.clientWidth + 1;
                mayEnd ||= isShortened || style.webkitLineClamp !== "none";
            }
            if (box.right <= right + 2 && box.left >= left - 2) {
                continue;
            }
            if (mayEnd && text.length > SHORT) {
                continue;
            }
            if (mayScroll && isPhone && !el.closest(".modal")) {
                continue; // a finger moves it
            }
            const kind =
                box.left >= right - 2 || box.right <= left + 2 ? "off the page" : "cut off";
            problems.push(`“${short(text)}” is ${kind}${where(el)}`);
        }
        for (const input of root.querySelectorAll("input:not([type=checkbox], [type=radio])")) {
            if (
                seen(input) &&
                !input.closest(ODOOS) &&
                isOurs(input) &&
                input.value.length <= SHORT &&
                input.scrollWidth > input.clientWidth + 1
            ) {
                problems.push(`“${input.value}” is cut off${where(input)}`);
            }
        }
    }
    for (const dialog of document.querySelectorAll(".o_error_dialog")) {
        problems.push(`an error dialog: ${dialog.innerText.replace(/\s+/g, " ").slice(0, 400)}`);
    }
    for (const bar of document.querySelectorAll(".o_notification_bar.bg-danger")) {
        problems.push(`an error message: ${bar.parentElement.innerText.trim()}`);
    }
    return [...new Set(problems)];
};
