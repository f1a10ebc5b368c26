// "@" in a comment offers the colleagues of the list beside it. Without this script the list alone serves.
(function () {
  "use strict";
  document.querySelectorAll("textarea[data-mentions]").forEach(function (area) {
    var people = Array.from(document.getElementById(area.dataset.mentions).options)
      .map(function (option) { return option.dataset.name; })
      .filter(Boolean);
    var list = document.createElement("ul");
    list.className = "mentions";
    list.id = area.id + "-mentions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "知らせる人");
    list.hidden = true;
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    area.setAttribute("aria-autocomplete", "list");

    var chosen = 0;
    var bare = function (text) { return text.replace(/\s/g, ""); };
    var begun = function () {
      var before = area.value.slice(0, area.selectionStart);
      var found = /[@＠]([^\s@＠]{0,20})$/.exec(before);
      return found && { at: before.length - found[1].length, typed: bare(found[1]) };
    };
    var close = function () {
      list.hidden = true;
      area.removeAttribute("aria-activedescendant");
    };
    var mark = function () {
      Array.from(list.children).forEach(function (item, at) {
        item.setAttribute("aria-selected", String(at === chosen));
        if (at === chosen) area.setAttribute("aria-activedescendant", item.id);
      });
    };
    var take = function (name) {
      var word = begun();
      if (!word) return close();
      area.setRangeText(name + " ", word.at, area.selectionStart, "end");
      close();
      area.focus();
    };
    var offer = function () {
      var word = begun();
      var fitting = word ? people.filter(function (name) { return bare(name).indexOf(word.typed) === 0; }) : [];
      list.replaceChildren.apply(list, fitting.slice(0, 8).map(function (name, at) {
        var item = document.createElement("li");
        item.id = list.id + "-" + at;
        item.setAttribute("role", "option");
        item.textContent = name;
        item.addEventListener("mousedown", function (event) {
          event.preventDefault();
          take(name);
        });
        return item;
      }));
      chosen = 0;
      list.hidden = fitting.length === 0;
      if (list.hidden) close();
      else mark();
    };

    area.addEventListener("input", offer);
    area.addEventListener("blur", close);
    area.addEventListener("keydown", function (event) {
      if (list.hidden || event.isComposing) return;
      var count = list.children.length;
      if (event.key === "ArrowDown") chosen = (chosen + 1) % count;
      else if (event.key === "ArrowUp") chosen = (chosen + count - 1) % count;
      else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen].textContent);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      if (!list.hidden) mark();
    });
  });
})();
