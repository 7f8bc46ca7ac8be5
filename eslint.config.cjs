// What `pre-commit run eslint` checks of our JavaScript; prettier has the layout.
// CommonJS: pre-commit says by NODE_PATH where it has installed what is required here.
const js = require("@eslint/js");
const globals = require("globals");

module.exports = [
    js.configs.recommended,
    {
        files: ["bizuno_crm*/static/**/*.js"],
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly", odoo: "readonly" },
        },
        rules: {
            "no-alert": "error",
            "no-console": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-unused-vars": ["error", { args: "none" }],
            "no-var": "error",
            "prefer-const": "error",
            eqeqeq: "error",
        },
    },
    {
        // one expression each, which is evaluated in a page
        files: ["scripts/**/*.js"],
        languageOptions: { sourceType: "script", globals: globals.browser },
    },
    { files: ["*.cjs"], languageOptions: { globals: globals.node } },
];
