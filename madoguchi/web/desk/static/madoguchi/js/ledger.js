// The ledger by keyboard: J K move, X picks, Shift+X picks a range, Enter opens, 1 to 9 change the view, Esc lets go.
(function () {
  "use strict";
  var at = -1;
  var from = -1;
  var rows = function () { return Array.from(document.querySelectorAll("[data-ledger] tbody tr:not(.found)")); };
  var box = function (row) { return row.querySelector("input[type=checkbox]"); };
  var bulk = function () { return document.getElementById("bulk"); };

  var count = function () {
    var boxes = rows().map(box).filter(Boolean);
    var picked = boxes.filter(function (one) { return one.checked; }).length;
    var all = document.querySelector("[data-scope-all]");
    var head = document.querySelector("[data-select-all]");
    if (head) {
      head.checked = picked > 0 && picked === boxes.length;
      head.indeterminate = picked > 0 && picked < boxes.length;
    }
    if (!bulk()) return;
    bulk().hidden = picked === 0 && !all.checked;
    bulk().querySelector("[data-selected]").textContent = all.checked ? "すべての" : picked + "件の";
  };

  var move = function (step) {
    var list = rows();
    if (!list.length) return;
    at = Math.max(0, Math.min(list.length - 1, at + step));
    list.forEach(function (row, index) { row.toggleAttribute("data-cursor", index === at); });
    list[at].scrollIntoView({ block: "nearest" });
    list[at].querySelector("a").focus({ preventScroll: true });
  };

  var pick = function (range) {
    var list = rows();
    if (at < 0 || !box(list[at])) return;
    var wanted = range ? true : !box(list[at]).checked;
    var first = range && from >= 0 ? Math.min(from, at) : at;
    var last = range && from >= 0 ? Math.max(from, at) : at;
    for (var index = first; index <= last; index += 1) box(list[index]).checked = wanted;
    from = at;
    count();
  };

  var letGo = function () {
    rows().map(box).filter(Boolean).forEach(function (one) { one.checked = false; });
    var all = document.querySelector("[data-scope-all]");
    if (all) all.checked = false;
    count();
  };

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return letGo();
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    if (window.localStorage.getItem("desk-keys") === "off") return;
    var key = event.key.toLowerCase();
    if (key === "j" || key === "k") { event.preventDefault(); return move(key === "j" ? 1 : -1); }
    if (key === "x") { event.preventDefault(); return pick(event.shiftKey); }
    if (key === "enter" && at >= 0 && !event.target.closest("a, button, summary, input")) {
      return rows()[at].querySelector("a").click();
    }
    var view = document.querySelector('[data-view="' + CSS.escape(event.key) + '"]');
    if (view) view.click();
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-select-all]")) {
      rows().map(box).filter(Boolean).forEach(function (one) { one.checked = event.target.checked; });
    }
    if (event.target.closest("#ledger-form")) count();
  });
  document.addEventListener("htmx:afterSwap", function () { at = -1; from = -1; count(); });
  count();
})();
