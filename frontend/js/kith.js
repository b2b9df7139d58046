// Everything here is a comfort: each page works without it.
const own = document.querySelector("script[data-govuk-frontend]");

async function start() {
  const govuk = await import(own.dataset.govukFrontend);
  govuk.initAll();
  // Parts that htmx swaps in later are given the same.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    govuk.initAll({ scope: event.detail.elt });
    radios(event.detail.elt);
  });
}

// Radios that ask for more when chosen. The library's own puts aria-expanded on them, which ARIA
// does not allow there.
function radios(scope) {
  scope.querySelectorAll("[data-module=kith-radios]").forEach((group) => {
    const inputs = [...group.querySelectorAll("input[data-aria-controls]")];
    const show = () => {
      inputs.forEach((input) => {
        const more = document.getElementById(input.dataset.ariaControls);
        if (more) more.classList.toggle("govuk-radios__conditional--hidden", !input.checked);
      });
    };
    if (inputs.length === 0) return;
    show();
    group.addEventListener("change", show);
    window.addEventListener("pageshow", show);
  });
}

// Pressing a button twice sends a form once. The page may be returned to by "back".
function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
}

// A filter that is changed is applied; the button is there for those without scripts.
function filters() {
  document.querySelectorAll("form[data-filter]").forEach((form) => {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, input[type=checkbox], input[type=radio]")) {
        form.requestSubmit();
      }
    });
  });
}

// On a telephone, what is not in use is folded away, so that the list itself comes first.
function folds() {
  if (!window.matchMedia("(max-width: 40em)").matches) return;
  document.querySelectorAll("details[data-fold='']").forEach((part) => {
    part.open = false;
  });
}

function printing() {
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
}

// Lists marked data-keys: j and k walk the rows, Enter opens, / goes to the search box.
function keys() {
  const list = document.querySelector("[data-keys]");
  if (!list) return;
  const links = () => [...list.querySelectorAll("a[data-key-stop]")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return;
    if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
      return;
    }
    const step = { j: 1, k: -1 }[event.key];
    if (!step) return;
    const stops = links();
    const here = stops.indexOf(document.activeElement);
    const next = stops[here < 0 ? (step > 0 ? 0 : stops.length - 1) : here + step];
    if (next) next.focus();
  });
}

radios(document);
sendOnce();
filters();
folds();
printing();
keys();
start();
