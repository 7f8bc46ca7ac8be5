/* Which of the elements that these selectors name carry our markup? */
({selectors, names}) => {
    const known = new Set(names);
    const isOurs = (el) => {
        for (let one = el; one; one = one.parentElement) {
            if (known.has(one.getAttribute("name")) || /bizuno/.test(one.getAttribute("class"))) {
                return true;
            }
        }
        return false;
    };
    return selectors.map((selector) => {
        const el = document.querySelector(selector);
        return Boolean(el && isOurs(el));
    });
}
