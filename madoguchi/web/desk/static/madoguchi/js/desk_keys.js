// Keys of every desk page: "/" goes to the search, single letters press the button that shows them.
(function () {
  "use strict";
  var typing = function (target) {
    return target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]") !== null;
  };
  var plain = function (event) {
    return !(event.ctrlKey || event.metaKey || event.altKey || event.isComposing);
  };
  var off = function () {
    return window.localStorage.getItem("desk-keys") === "off";
  };

  document.addEventListener("keydown", function (event) {
    if (!plain(event) || typing(event.target) || off()) return;
    if (event.key === "?") return openKeys(event);
    var shown = document.querySelector('[data-key="' + CSS.escape(event.key.toUpperCase()) + '"]');
    if (!shown || shown.closest("[hidden]")) return;
    event.preventDefault();
    if (shown.matches("input")) shown.focus();
    else shown.click();
  });

  var dialog = document.querySelector("dialog.keys");
  var opener = document.querySelector("[data-keys-open]");
  var openKeys = function (event) {
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
  };
  if (dialog && opener) {
    opener.hidden = false;
    opener.addEventListener("click", openKeys);
    var toggle = dialog.querySelector("[data-keys-toggle]");
    toggle.checked = !off();
    toggle.addEventListener("change", function () {
      window.localStorage.setItem("desk-keys", toggle.checked ? "on" : "off");
    });
  }

  // Only one list of conditions stays open.
  document.addEventListener("toggle", function (event) {
    if (!event.target.matches("details.pick") || !event.target.open) return;
    document.querySelectorAll("details.pick[open]").forEach(function (other) {
      if (other !== event.target) other.open = false;
    });
  }, true);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.pick[open]").forEach(function (open) { open.open = false; });
  });
})();
