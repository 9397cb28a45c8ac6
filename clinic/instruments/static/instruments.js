// Sooner, not more: the running score is asked anew after each answer, and digits choose the answer in focus.
"use strict";

for (const form of document.querySelectorAll("form[data-running]")) {
  const panel = document.getElementById("running-score");
  let asked = 0;

  const refresh = async () => {
    const turn = ++asked;
    const answer = await fetch(form.dataset.running, { method: "POST", body: new FormData(form) });
    if (!answer.ok || turn !== asked) return; // a later answer is on its way
    panel.innerHTML = await answer.text();
    document.querySelector("[data-saved]")?.replaceChildren("as on this page, not saved yet");
  };

  form.addEventListener("change", () => refresh().catch(() => {}));

  form.addEventListener("keydown", (event) => {
    const item = event.target.closest("fieldset.scored-item");
    if (!item || event.target.type !== "radio" || !/^[0-9]$/.test(event.key)) return;
    const boxes = [...item.querySelectorAll(".score-option")];
    const shown = boxes.some((box) => box.querySelector(".points")); // by points where they are shown, else by place
    const box = shown
      ? boxes.find((one) => one.querySelector(".points").textContent === event.key)
      : boxes[Number(event.key) - 1];
    if (!box) return;
    event.preventDefault();
    const radio = box.querySelector("input");
    radio.focus();
    radio.click();
  });
}
