/* written by feeds */
"use strict";

(() => {
  const form = document.querySelector("form[role=search]");
  const box = form.querySelector("input");
  const said = form.querySelector("output");
  const start = document.getElementById("start");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = [...document.querySelectorAll("[data-find]")].map((element) => ({
    element,
    name: fold(element.dataset.find),
  }));
  const groups = [...document.querySelectorAll(".group")];
  const folders = [...document.querySelectorAll(".folder")];
  const isEmpty = (part) => !part.querySelector("[data-find]:not([hidden])");

  const find = () => {
    const words = fold(box.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const { element, name } of rows) {
      element.hidden = !words.every((word) => name.includes(word));
      found += element.hidden ? 0 : 1;
    }
    for (const part of [...groups, ...folders]) part.hidden = isEmpty(part);
    start.hidden = words.length > 0;
    said.value = words.length ? (found === 1 ? "1 feed" : `${found} feeds`) : "";
  };

  box.addEventListener("input", find);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = rows.find(({ element }) => box.value.trim() && !element.hidden);
    if (first) first.element.querySelector("a").click();
  });
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
    } else if (event.key === "Escape" && event.target === box) {
      box.value = "";
      find();
    }
  });

  form.hidden = false;
  if (box.value) find();
})();
