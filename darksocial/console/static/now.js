// Renews the live view: asks for the figures and puts them in place.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const view = document.getElementById("now");

async function take() {
  const answer = await fetch(view.dataset.source);
  if (!answer.ok) return;
  const told = await answer.json();
  for (const place of view.querySelectorAll("[data-said]")) {
    const text = told[place.dataset.said];
    // Untouched where nothing changed, or screen readers would say it again.
    if (place.textContent !== text) place.textContent = text;
  }
  for (const body of view.querySelectorAll("[data-rows]")) {
    const rows = told.tables[body.dataset.rows];
    body.replaceChildren(...rows.map((row) => line(row, rows[0].visits)));
  }
  draw(view.querySelector("[data-chart]"), told.chart);
}

function line(row, most) {
  const tr = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.className = "path";
  head.append(row.label, bar(row.visits, most));
  const number = document.createElement("td");
  number.textContent = row.said;
  tr.append(head, number);
  return tr;
}

function bar(part, most) {
  const svg = shape("svg", { class: "bar", "aria-hidden": "true", width: "100%", height: 8 });
  svg.append(shape("rect", { class: "track", width: "100%", height: 8 }));
  if (part) svg.append(shape("rect", { class: "dark", width: `${(100 * part) / most}%`, height: 8 }));
  return svg;
}

function draw(chart, told) {
  const labels = chart.querySelectorAll(".axis text");
  if (labels.length !== told.ticks.length) return location.reload(); // another scale
  labels.forEach((label, place) => (label.textContent = told.ticks[place].label));
  chart.querySelectorAll(".column").forEach((column, place) => {
    const { text, boxes } = told.columns[place];
    column.querySelector("title").textContent = text;
    column.querySelectorAll("rect:not(.hover)").forEach((old) => old.remove());
    for (const { style, x, y, width, height } of boxes) {
      const at = { class: style, x: `${x}%`, y: y + 10, width: `${width}%`, height };
      column.querySelector(".hover").after(shape("rect", at));
    }
  });
}

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

renewing(5000, take);
