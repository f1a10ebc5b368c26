// An answer on which other questions hang asks the server for the page anew; 次へ進む does the same without a script.
const form = document.querySelector("form[data-decides]");
const decides = new Set((form?.dataset.decides ?? "").split(" "));
const keys = (name) => name.split("-").filter((part) => !/^\d+$/.test(part));

// Typing goes on while the server answers; what stands in the page now wins over what was sent.
const keepTyping = (fresh) => {
  for (const input of form.querySelectorAll("#questions [id]:is(input, select, textarea)")) {
    const same = fresh.querySelector(`#${CSS.escape(input.id)}`);
    if (!same || input.type === "file") continue;
    if (input.type === "radio" || input.type === "checkbox") same.checked = input.checked;
    else same.value = input.value;
  }
};

const renew = async () => {
  const body = new FormData(form);
  body.set("_look", "1");
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("questions");
  if (!fresh) return;
  keepTyping(fresh);
  const focused = document.activeElement?.id;
  document.getElementById("questions").replaceWith(fresh);
  form.elements._shown.value = page.querySelector("[name=_shown]").value;
  if (focused) document.getElementById(focused)?.focus();
};

form?.addEventListener("change", (event) => {
  if (event.target.matches("select, [type=radio], [type=checkbox]") && keys(event.target.name).some((key) => decides.has(key))) renew();
});
