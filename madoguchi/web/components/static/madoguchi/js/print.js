// 印刷する: the button shows only where a script can press it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.closest("p")?.querySelector(".no-js")?.remove();
  button.addEventListener("click", () => print());
}
