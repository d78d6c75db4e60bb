// What happens in a report: charts are drawn, themes switched, cells of matrices opened.
// Words of the report are only ever set as text, never as HTML.
"use strict";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const described = read("charts");
const examples = read("examples");
const drawn = new Map(); // id of a chart: its instance

// Colors: options name them as CSS does, --validation; the page's theme says what that is.

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function theme() {
  const [ink, soft, pale, faint] = ["--ink", "--soft", "--pale", "--faint"].map(color);
  const font = getComputedStyle(document.body).fontFamily;
  const axis = {
    axisLine: { show: true, onZero: false, lineStyle: { color: pale } },
    axisTick: { show: false },
    axisLabel: { color: soft, fontSize: 11 },
    nameTextStyle: { color: soft, fontSize: 11 },
    splitLine: { lineStyle: { color: faint } },
  };
  return {
    textStyle: { fontFamily: font, color: ink },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    logAxis: axis,
    parallel: { parallelAxisDefault: {} },
    legend: {
      textStyle: { color: ink, fontSize: 12 },
      inactiveColor: pale,
      pageIconColor: soft,
      pageIconInactiveColor: pale,
      pageTextStyle: { color: soft },
    },
    tooltip: {
      backgroundColor: color("--card"),
      borderColor: pale,
      textStyle: { color: ink, fontSize: 12, fontFamily: font },
      axisPointer: { lineStyle: { color: soft }, label: { backgroundColor: soft } },
    },
  };
}

// Numbers as tables write them, and shorter beside axes.

function brief(value) {
  const size = Math.abs(value);
  const words = size && (size < 1e-4 || size >= 1e5) ? value.toExponential(2) : value.toPrecision(3);
  return words.includes("e") ? words.replace(/\.?0*e\+?/, "e") : String(Number(words));
}

const FORMATS = {
  share: (value) => `${(100 * value).toFixed(1)} %`,
  loss: (value) => (Math.abs(value) >= 10 ? value.toFixed(2) : value.toFixed(4)),
  number: brief,
};
const AXIS_FORMATS = {
  share: (value) => `${Number((100 * value).toFixed(2))} %`,
  loss: brief,
  number: brief,
};

// What is pointed at, in words.

function table(head, rows) {
  const box = document.createElement("div");
  if (head) box.appendChild(document.createElement("b")).textContent = head;
  for (const [name, value, mark] of rows) {
    const row = box.appendChild(document.createElement("div"));
    row.className = "told";
    const left = row.appendChild(document.createElement("span"));
    if (mark) {
      const dot = left.appendChild(document.createElement("i"));
      dot.style.backgroundColor = mark;
    }
    left.append(name);
    row.appendChild(document.createElement("b")).textContent = value;
  }
  return box;
}

function tell({ head, format }, series) {
  return (pointed) => {
    const [first, ...others] = [pointed].flat();
    const told = first.data && first.data.told;
    if (told && !others.length) return table(told[0], told[1]);
    const rows = [first, ...others]
      .filter((each) => series[each.seriesIndex].told)
      .map((each) => {
        const value = [each.value].flat().at(-1);
        const words = typeof value === "number" ? FORMATS[format](value) : "–";
        return [series[each.seriesIndex].told, words, each.color];
      });
    return table(`${head} ${first.axisValueLabel}`, rows);
  };
}

// Series that are drawn by hand.

const DRAWINGS = {
  "error bar": (series) => (_, api) => {
    const [x, low] = api.coord([api.value(0), api.value(1)]);
    const high = api.coord([api.value(0), api.value(2)])[1];
    const line = (x1, y1, x2, y2) => ({
      type: "line",
      shape: { x1, y1, x2, y2 },
      style: { stroke: series.color, lineWidth: 1.4 },
    });
    return {
      type: "group",
      children: [line(x, low, x, high), line(x - 4, low, x + 4, low), line(x - 4, high, x + 4, high)],
    };
  },
  picture: (series) => (_, api) => {
    const [x, y] = api.coord([api.value(0), api.value(1)]);
    const [right, bottom] = api.coord([api.value(2), api.value(3)]);
    const style = { image: series.picture, x, y, width: right - x, height: bottom - y };
    return { type: "image", style };
  },
};

// Options as they are written, with what only a program can say.

const COLORED = new Set(["color", "borderColor", "backgroundColor"]);

function colored(value, key) {
  if (typeof value === "string") {
    return COLORED.has(key) && value.startsWith("--") ? color(value) : value;
  }
  if (Array.isArray(value)) return value.map((each) => colored(each, key));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, colored(each, name)]));
}

function withTicks(axis) {
  const { ticks, ...rest } = axis;
  if (!ticks) {
    const { format, ...label } = rest.axisLabel || {};
    if (!format) return rest;
    return { ...rest, axisLabel: { hideOverlap: true, ...label, formatter: AXIS_FORMATS[format] } };
  }
  const away = (value, tick) => Math.abs(tick[0] - value);
  const label = {
    ...rest.axisLabel,
    customValues: ticks.map(([place]) => place),
    formatter: (value) => [...ticks].sort((a, b) => away(value, a) - away(value, b))[0][1],
    hideOverlap: true,
  };
  return { ...rest, axisLabel: label, splitLine: { show: false } };
}

function optionOf(description) {
  const option = colored(description.option);
  for (const name of ["xAxis", "yAxis", "parallelAxis"]) {
    if (option[name]) option[name] = [option[name]].flat().map(withTicks);
  }
  option.animation = false;
  for (const series of option.series) {
    if (series.draw) series.renderItem = DRAWINGS[series.draw](series);
  }
  if (option.tooltip) {
    const { tell: told, ...rest } = option.tooltip;
    option.tooltip = { ...rest, confine: true, formatter: tell(told, option.series) };
  }
  if (description.isLogarithmic) option.yAxis[0].type = "log";
  return option;
}

// Charts are drawn when they come near; the others when there is nothing else to do.

function draw(id) {
  const place = document.getElementById(id);
  if (drawn.has(id) || !place.clientWidth) return;
  const { group, renderer } = described[id];
  const chart = echarts.init(place, theme(), { renderer });
  chart.on("finished", () => {
    // Pictures fill their place, whatever its shape.
    place.querySelectorAll("image").forEach((each) => each.setAttribute("preserveAspectRatio", "none"));
    performance.mark(`finished ${id}`);
  });
  chart.setOption(optionOf(described[id]));
  if (group) {
    chart.group = group;
    echarts.connect(group);
  }
  drawn.set(id, chart);
  sizes.observe(place);
}

function redraw(id) {
  const earlier = drawn.get(id);
  const selected = (earlier.getOption().legend || []).map((each) => each.selected)[0];
  earlier.dispose();
  drawn.delete(id);
  draw(id);
  if (selected) drawn.get(id)?.setOption({ legend: { selected } });
}

const sizes = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    const chart = drawn.get(target.id);
    if (target.clientWidth && chart?.getWidth() !== target.clientWidth) chart.resize();
  }
});
const near = new IntersectionObserver(
  (changes) => changes.filter((each) => each.isIntersecting).forEach(({ target }) => draw(target.id)),
  { rootMargin: "300px" },
);
const later = window.requestIdleCallback || ((work) => setTimeout(work, 50));

function drawRest() {
  const next = Object.keys(described).find(
    (id) => !drawn.has(id) && document.getElementById(id).clientWidth,
  );
  if (!next) return;
  draw(next);
  later(drawRest);
}

function drawAll() {
  Object.keys(described).forEach(draw);
}

// The theme: as the system has it, until it is switched by hand.

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
const toggle = document.getElementById("theme");

function themed() {
  toggle.textContent = isDark() ? "☀ light" : "☾ dark";
  [...drawn.keys()].forEach(redraw);
}

toggle.hidden = false;
toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  themed();
});
system.addEventListener("change", themed);

// Paper is light, and as wide as it is.

let chosen;
addEventListener("beforeprint", () => {
  chosen = root.dataset.theme;
  root.dataset.theme = "light";
  root.classList.add("printing");
  drawAll();
  themed();
});
addEventListener("afterprint", () => {
  root.classList.remove("printing");
  if (chosen) root.dataset.theme = chosen;
  else delete root.dataset.theme;
  themed();
});

// Logarithmic axes.

for (const button of document.querySelectorAll("[data-logarithmic]")) {
  button.addEventListener("click", () => {
    const description = described[button.dataset.logarithmic];
    description.isLogarithmic = !description.isLogarithmic;
    button.setAttribute("aria-pressed", description.isLogarithmic);
    redraw(button.dataset.logarithmic);
  });
}

// Cells of confusion matrices: a click shows their images, arrows go from cell to cell.

const dialog = document.getElementById("examples-dialog");

function open(button) {
  const pictures = examples[button.closest("table").id][button.dataset.cell];
  const [count, ...words] = button.getAttribute("aria-label").split(" ");
  document.getElementById("examples-title").textContent = words.join(" ");
  document.getElementById("examples-words").textContent =
    `${pictures.length} of ${count}, the most confident first, with their probabilities`;
  document.getElementById("examples-pictures").replaceChildren(
    ...pictures.map(([source, probability]) => {
      const figure = document.createElement("figure");
      figure.appendChild(document.createElement("figcaption"));
      const image = figure.appendChild(document.createElement("img"));
      image.src = source;
      image.alt = words.join(" ");
      figure.appendChild(document.createElement("figcaption")).textContent = probability;
      return figure;
    }),
  );
  dialog.showModal();
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function neighbor(button, [down, right]) {
  const table = button.closest("table");
  let row = button.closest("tr").sectionRowIndex;
  let column = button.closest("td").cellIndex;
  for (;;) {
    row += down;
    column += right;
    const cell = table.tBodies[0].rows[row]?.cells[column];
    if (!cell) return null;
    const found = cell.querySelector("button");
    if (found) return found;
  }
}

for (const matrix of document.querySelectorAll(".matrix")) {
  const first = matrix.querySelector("button");
  if (first) first.tabIndex = 0; // one stop for the tab key, whatever the number of cells
  matrix.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) open(button);
  });
  matrix.addEventListener("keydown", (event) => {
    const next = STEPS[event.key] && event.target.dataset.cell && neighbor(event.target, STEPS[event.key]);
    if (!next) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close(); // beside it
});

// Contents are open where there is room for them.

const contents = document.querySelector(".contents details");
const narrow = matchMedia("(max-width: 60rem)");
contents.open = !narrow.matches;
narrow.addEventListener("change", () => {
  contents.open = !narrow.matches;
});
contents.addEventListener("click", ({ target }) => {
  if (narrow.matches && target.closest("a")) contents.open = false;
});

themed();
document.querySelectorAll(".chart").forEach((place) => near.observe(place));
later(drawRest);
