// Passkeys need the browser's help. Their buttons are shown only where they can work (never at an
// address of numbers), and a refusal (wrong finger, cancelled) is said on the page.
document.addEventListener("DOMContentLoaded", () => {
  const named = !/^[\d.]+$|^\[/.test(location.hostname);
  if (!window.PublicKeyCredential || !named) return;
  document.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });
  document.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
});
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const part = document.querySelector("[data-needs-script]");
  if (!part) return;
  part.querySelector("[role=alert]")?.remove();
  const words = document.createElement("p");
  words.className = "govuk-error-message";
  words.setAttribute("role", "alert");
  words.textContent = event.detail?.exception?.name === "InvalidStateError"
    ? "This device holds a passkey of yours already. Use it, or add one on another device."
    : part.dataset.refused || "The passkey was not used. Try again, or sign in another way.";
  part.prepend(words);
});
