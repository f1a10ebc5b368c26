// The bulk bar shows while rows are selected and says how many; the box in the head selects the page.
const ledger = document.querySelector("[data-ledger]");
const bar = document.getElementById("bulk");
const boxes = () => [...ledger.querySelectorAll("tbody input[type=checkbox]")];
const head = ledger?.querySelector("[data-select-all]");

const tell = () => {
  const chosen = boxes().filter((box) => box.checked).length;
  if (head) {
    head.checked = chosen > 0 && chosen === boxes().length;
    head.indeterminate = chosen > 0 && chosen < boxes().length;
  }
  if (!bar) return;
  bar.hidden = chosen === 0;
  const count = bar.querySelector("#bulk-count");
  if (count) count.textContent = chosen;
};

if (ledger) {
  head?.addEventListener("change", () => { boxes().forEach((box) => { box.checked = head.checked; }); tell(); });
  ledger.addEventListener("change", tell);
  tell();
}
