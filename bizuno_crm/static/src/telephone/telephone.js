/** The address of a link that calls a number, as Odoo's own field makes it. */
export function telephone(number) {
    return `tel:${number.replace(/\s+/g, "")}`;
}
