// A failed page begins at its summary, so that a screen reader says first what to correct.
document.querySelector("[data-focus]")?.focus();
