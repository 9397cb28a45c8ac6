// Sooner, not more: the running score is asked anew after each answer.
"use strict";

for (const form of document.querySelectorAll("form[data-running]")) {
  const panel = document.getElementById("running-score");
  let asked = 0;

  const refresh = async () => {
    const turn = ++asked;
    const answer = await fetch(form.dataset.running, { method: "POST", body: new FormData(form) });
    if (!answer.ok || turn !== asked) return; // a later answer is on its way
    panel.innerHTML = await answer.text();
    document.querySelector("[data-saved]")?.replaceChildren("as on this page");
  };

  form.addEventListener("change", () => refresh().catch(() => {}));
}
