// A long form saves itself while it is written. Without script its button does the same.
"use strict";

const PAUSE = 2000; // ms without typing until it saves
const LONGEST = 10000; // ms of typing until it saves all the same, and between tries that fail

const typed = (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked;
const clock = (at) => at.toTimeString().slice(0, 5);

for (const form of document.querySelectorAll("form[data-draft]")) {
  const status = document.getElementById("draft-status");
  const leaving = new AbortController();
  const address = form.getAttribute("action") || location.href; // form.action may be a button of that name
  let savedAt = clock(new Date());
  let changedAt = 0; // when what is not saved yet began
  let timer = 0;
  let saving = false;

  const tell = (state, words) => {
    status.className = `draft-status draft-${state}`;
    status.lastElementChild.textContent = words;
  };

  const save = async () => {
    if (saving || !changedAt) return;
    saving = true;
    const began = changedAt;
    changedAt = 0;
    const body = new FormData(form);
    body.set("draft", "keep");
    try {
      const answer = await fetch(address, {
        method: "POST", body, redirect: "manual", signal: leaving.signal, headers: { Accept: "application/json" },
      });
      if (answer.ok) {
        const draft = await answer.json();
        form.elements.draft_seen.value = draft.version;
        savedAt = draft.saved.slice(0, 5);
        tell("saved", `Draft saved ${draft.saved}${draft.left_out ? ", but for what cannot be read yet" : ""}`);
      } else if (answer.status === 409) {
        leaving.abort();
        tell("failed", `Not saved since ${savedAt}. This form was saved in another tab; look there before you go on.`);
      } else if (answer.type === "opaqueredirect") {
        leaving.abort();
        tell("failed", `Not saved since ${savedAt}. You are signed out: send the form, sign in, and it comes back.`);
      } else {
        throw new Error(answer.statusText);
      }
    } catch {
      changedAt ||= began;
      if (!leaving.signal.aborted) {
        tell("failed", `Not saved since ${savedAt}. Your connection is down; keep this page open.`);
        timer = setTimeout(save, LONGEST);
      }
    }
    saving = false;
    if (changedAt && !timer) later();
  };

  const later = () => {
    if (leaving.signal.aborted) return;
    changedAt ||= Date.now();
    clearTimeout(timer);
    const wait = Math.max(0, Math.min(PAUSE, changedAt + LONGEST - Date.now()));
    timer = setTimeout(() => { timer = 0; save(); }, wait);
  };

  form.addEventListener("input", later);
  form.addEventListener("submit", () => { clearTimeout(timer); leaving.abort(); });
  if ([...form.querySelectorAll("input, textarea")].some(typed)) later(); // written before this script came
}
