"use strict";
(() => {
  const form = document.getElementById("filter");
  const list = [...document.querySelectorAll("[data-o]")].map((e) => {
    const group = e.closest(".g");
    return { e, group, outcome: e.dataset.o, severity: e.dataset.s, text: "" };
  });
  const groups = [...document.querySelectorAll(".g")].map((e) => ({ e, open: e.open, text: "" }));
  const wraps = [...document.querySelectorAll(".more, .target")];
  const said = document.getElementById("said");
  const field = (name) => form.elements[name];

  const offer = (name, key) => {
    const values = new Set(groups.map((g) => g.e.dataset[key]));
    for (const v of [...values].sort()) field(name).add(new Option(v, v));
  };
  offer("control", "c");
  offer("target", "t");

  const apply = () => {
    const outcomes = new Set([...form.querySelectorAll("[name=outcome]:checked")].map((b) => b.value));
    const all = form.querySelectorAll("[name=outcome]").length === outcomes.size;
    const severity = field("severity").value, control = field("control").value, target = field("target").value;
    const words = field("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = !all || severity || control || target || words.length > 0;
    let count = 0;
    const seen = new Set();
    for (const f of list) {
      const d = f.group.dataset;
      let show = outcomes.has(f.outcome) && (!severity || f.severity === severity) && (!control || d.c === control) && (!target || d.t === target);
      if (show && words.length > 0) {
        if (!f.text) f.text = (f.e.textContent + " " + d.c + " " + d.t + " " + f.group.querySelector("h4").textContent).toLowerCase();
        show = words.every((w) => f.text.includes(w));
      }
      f.e.hidden = !show;
      if (show) { count++; seen.add(f.group); }
    }
    for (const w of wraps) w.hidden = active && !w.querySelector("[data-o]:not([hidden])");
    for (const g of groups) {
      g.e.hidden = active && !seen.has(g.e);
      g.e.open = active ? count <= 300 && seen.has(g.e) : g.open;
    }
    for (const w of document.querySelectorAll("details.more")) w.open = Boolean(active) && count <= 300 && !w.hidden;
    said.textContent = active ? count + " of " + list.length + " shown" : list.length + " findings";
  };

  let timer = 0;
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(apply, 120); });
  form.addEventListener("submit", (e) => e.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply, 0));

  const reveal = () => {
    const at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let e = at; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
    if (at) at.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  addEventListener("beforeprint", () => { for (const g of groups) g.e.open = g.e.open || groups.length <= 300; });

  form.hidden = false;
  apply();
  if (location.hash) reveal();
})();
