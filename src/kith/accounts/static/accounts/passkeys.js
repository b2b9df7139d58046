// Passkeys need the browser's help. Their buttons are shown only where they can work, and a
// refusal (wrong finger, cancelled) is said on the page.
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  document.querySelectorAll("[data-needs-script]").forEach((part) => { part.hidden = false; });
  document.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });
});
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const part = document.querySelector("[data-needs-script]");
  if (!part) return;
  let words = part.querySelector("[role=alert]");
  if (!words) {
    words = document.createElement("p");
    words.className = "govuk-error-message";
    words.setAttribute("role", "alert");
    part.prepend(words);
  }
  words.textContent = "The passkey was not used. Try again, or sign in another way.";
});
