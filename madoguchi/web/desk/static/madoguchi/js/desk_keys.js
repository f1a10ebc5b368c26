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
    // A decision is two keys: the letter goes to its button, Enter presses it.
    if (shown.matches("input, textarea, [data-key-focus]")) shown.focus();
    else shown.click();
  });

  // Drafts that wait: J and K go from one to the next, Enter opens it, X ticks it.
  var drafts = document.querySelectorAll(".draft-card h2 a");
  document.addEventListener("keydown", function (event) {
    var key = event.key.toLowerCase();
    if (!drafts.length || !plain(event) || typing(event.target) || off() || "jkx".indexOf(key) < 0) return;
    var at = Array.prototype.findIndex.call(drafts, function (link) {
      return link.closest(".draft-card").contains(document.activeElement);
    });
    event.preventDefault();
    if (key === "x") {
      var box = at < 0 ? null : drafts[at].closest(".draft-card").querySelector("input[type=checkbox]");
      if (box) box.click();
      return;
    }
    drafts[Math.max(0, Math.min(drafts.length - 1, at + (key === "j" ? 1 : -1)))].focus();
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
