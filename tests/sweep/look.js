// What stands on the page: its title, headings, width, and each kind of element below each kind of parent.
() => {
  const spoken = /^(class|role|type|aria-(?!label|describedby|controls))/;
  const attribute = ({ name, value }) => (spoken.test(name) ? `${name}=${value}` : name);
  const kind = (element) => [element.tagName, ...[...element.attributes].map(attribute)].join(" ");
  const elements = [...document.querySelectorAll("*")].filter((one) => !one.closest("svg > *"));
  const levels = elements.filter((one) => /^H[1-6]$/.test(one.tagName)).map((one) => one.tagName);
  const inside = elements.map((one) => `${kind(one.parentElement ?? one)} > ${kind(one)}`);
  return {
    title: document.title,
    headings: document.querySelectorAll("h1").length,
    width: document.documentElement.scrollWidth,
    kinds: [...new Set([...inside, [...new Set(levels)].join()])],
  };
}
