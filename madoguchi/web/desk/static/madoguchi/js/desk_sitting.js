// Warns 90 seconds before an idle sitting ends, and goes on at the press of a button.
(() => {
  const place = document.querySelector("[data-sitting]");
  if (!place) return;
  const seconds = Number(place.dataset.sitting);
  let timer = 0;
  const wait = () => {
    place.hidden = true;
    clearTimeout(timer);
    timer = setTimeout(() => { place.hidden = false; }, Math.max(seconds - 90, seconds / 2) * 1000);
  };
  place.querySelector("button").addEventListener("click", async () => {
    const sent = new FormData();
    sent.set("csrfmiddlewaretoken", place.dataset.token);
    const answer = await fetch(place.dataset.stay, { method: "POST", body: sent, credentials: "same-origin" });
    if (answer.status === 204) wait();
    else location.reload();
  });
  document.addEventListener("htmx:afterRequest", wait);
  wait();
})();
