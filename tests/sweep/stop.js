// What has the focus: whether its ring is drawn, and whether it stands in sight; nothing once the first was passed.
() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const box = focused.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const ringed = [focused, focused.closest("label, fieldset")].filter(Boolean).map((one) => getComputedStyle(one));
  return {
    what: `${focused.tagName} ${(focused.textContent || focused.name || "").trim().slice(0, 40)}`,
    ring: ringed.some((style) => style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 3),
    sight: Boolean(top) && (focused.contains(top) || top.contains(focused)),
  };
}
