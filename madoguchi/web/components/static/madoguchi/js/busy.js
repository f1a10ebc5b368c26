// A pressed button says that it works and is not pressed twice; the width does not change.
const words = (button) => button.querySelector("span") ?? button;

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button?.dataset.busy) return;
  if (button.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  button.style.setProperty("min-inline-size", `${button.offsetWidth}px`);
  button.dataset.idle = words(button).innerHTML;
  button.setAttribute("aria-busy", "true");
  words(button).textContent = button.dataset.busy;
});

// Coming back by the browser's button finds the page as it was left, with the button ready again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy=true][data-idle]")) {
    button.removeAttribute("aria-busy");
    words(button).innerHTML = button.dataset.idle;
  }
});
