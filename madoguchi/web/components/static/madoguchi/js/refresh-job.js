// A running job refreshes itself every two seconds; without a script the link beside it does.
const refresh = async () => {
  const job = document.querySelector("[data-refresh]");
  if (!job) return;
  const answer = await fetch(job.dataset.refresh, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#job");
  if (fresh) job.replaceWith(fresh);
  setTimeout(refresh, 2000);
};
setTimeout(refresh, 2000);
