// Keys make what the page has already faster. Every one has a visible link or button.
// Single letters do nothing while a field has the focus, nor when they are switched off on the page of keys.
"use strict";

const typing = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

function chooseAnswer(target, digit) {
  const item = target.closest("[data-score-keys]");
  if (!item) return false;
  const answers = [...item.querySelectorAll("input[type=radio]")];
  const byPoints = item.dataset.scoreKeys === "points";
  const answer = byPoints ? answers.find((radio) => radio.dataset.points === digit) : answers[Number(digit) - 1];
  if (!answer) return false;
  answer.checked = true;
  answer.focus();
  answer.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function moveRow(step) {
  const rows = [...document.querySelectorAll("main tbody th[scope=row] a, main .rowlist > li a.name")];
  if (!rows.length) return false;
  const next = rows.indexOf(document.activeElement) + step;
  rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  const target = event.target;
  if (event.ctrlKey && event.key === "Enter" && target.form) {
    event.preventDefault();
    target.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(target)) return;
  let done = false;
  if (/^[0-9]$/.test(event.key)) done = chooseAnswer(target, event.key);
  else if (document.body.dataset.keys === "off") return;
  else if (event.key === "j" || event.key === "k") done = moveRow(event.key === "j" ? 1 : -1);
  else {
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (wanted instanceof HTMLInputElement) wanted.focus();
    else if (wanted) wanted.click();
    done = Boolean(wanted);
  }
  if (done) event.preventDefault();
});
