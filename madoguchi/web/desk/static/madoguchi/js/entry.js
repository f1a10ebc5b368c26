// Fast entry: Enter goes to the next box, Ctrl+Enter receives, a postcode brings its town, rules dim what does not apply.
(function () {
  "use strict";
  var form = document.querySelector("[data-entry]");
  if (!form) return;
  var fields = function () {
    return Array.from(form.querySelectorAll("input:not([type=hidden]), select, textarea, .entry-end button"))
      .filter(function (one) { return one.offsetParent !== null && one.tabIndex >= 0; });
  };
  var go = function (from, step) {
    var list = fields();
    var next = list[list.indexOf(from) + step];
    if (!next) return;
    next.focus();
    if (next.select) next.select();
  };

  form.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      return form.requestSubmit(form.querySelector(".entry-end button"));
    }
    if (event.target.matches("button, textarea, input[type=file]")) return;
    event.preventDefault();
    go(event.target, event.shiftKey ? -1 : 1);
  });

  // A digit picks an option at once and goes on, as on a numeric keypad.
  form.addEventListener("keydown", function (event) {
    if (!event.target.matches("select") || !/^[0-9]$/.test(event.key)) return;
    if (event.target.options.length > 10) return;
    var option = event.target.options[Number(event.key)];
    if (!option) return;
    event.preventDefault();
    event.target.value = option.value;
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
    go(event.target, 1);
  });

  form.addEventListener("change", function (event) {
    if (event.target.name.endsWith("-postcode")) town(event.target);
    if (event.target.matches("select, input[type=checkbox]")) dim();
  });

  var town = function (input) {
    var code = input.value.normalize("NFKC").replace(/\D/g, "");
    var target = form.elements[input.name.replace(/-postcode$/, "-town")];
    if (code.length !== 7 || !target || target.value) return;
    fetch("/desk/postcodes/?code=" + code).then(function (answer) { return answer.json(); })
      .then(function (found) { if (found.town && !target.value) target.value = found.town; });
  };

  var asked = 0;
  var dim = function () {
    var mine = (asked += 1);
    var data = new FormData(form);
    Array.from(data.keys()).forEach(function (name) { if (name.startsWith("file:")) data.delete(name); });
    data.append("shown", "1");
    fetch(window.location.href, { method: "POST", body: data })
      .then(function (answer) { return answer.json(); })
      .then(function (found) {
        if (mine !== asked) return;
        var names = new Set(found.shown);
        form.querySelectorAll("[data-box]").forEach(function (one) {
          one.hidden = !names.has(one.dataset.box);
        });
      });
  };
  dim();
  var marks = document.getElementById("marks");
  if (marks) marks.focus();
  else if (!document.querySelector(".entry-hits")) { var first = fields()[0]; if (first) first.focus(); }
})();
