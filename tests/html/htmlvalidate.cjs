module.exports = {
  root: true,
  extends: ["html-validate:standard"],
  rules: {
    // The theme's switches for menu and search are checkboxes with autocomplete="off"; they are its own markup.
    "valid-autocomplete": "off",
  },
};
