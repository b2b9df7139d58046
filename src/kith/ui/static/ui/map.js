// Maps are drawn by the server. This adds coming closer and moving about.
document.querySelectorAll("[data-map]").forEach((frame) => {
  const svg = frame.querySelector("svg");
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  let view = { x: 0, y: 0, scale: 1 };

  function show() {
    const w = width / view.scale;
    const h = height / view.scale;
    view.x = Math.min(Math.max(view.x, 0), width - w);
    view.y = Math.min(Math.max(view.y, 0), height - h);
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${w} ${h}`);
  }

  function zoom(by) {
    const scale = Math.min(Math.max(view.scale * by, 1), 8);
    view.x += (width / view.scale - width / scale) / 2;
    view.y += (height / view.scale - height / scale) / 2;
    view.scale = scale;
    show();
  }

  const buttons = document.createElement("div");
  buttons.className = "kith-map__buttons";
  [
    ["+", "Closer", () => zoom(1.6)],
    ["\u2212", "Further away", () => zoom(1 / 1.6)],
    ["All", "Show the whole map", () => { view = { x: 0, y: 0, scale: 1 }; show(); }],
  ].forEach(([text, label, action]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kith-map__button";
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", action);
    buttons.append(button);
  });
  frame.prepend(buttons);

  let from = null;
  svg.addEventListener("pointerdown", (event) => {
    if (view.scale > 1 && event.button === 0) from = { x: event.clientX, y: event.clientY, startX: view.x, startY: view.y };
  });
  window.addEventListener("pointermove", (event) => {
    if (!from) return;
    const perPixel = width / view.scale / svg.clientWidth;
    const dx = event.clientX - from.x;
    const dy = event.clientY - from.y;
    view.x = from.startX - dx * perPixel;
    view.y = from.startY - dy * perPixel;
    show();
  });
  window.addEventListener("pointerup", () => { from = null; });
});
