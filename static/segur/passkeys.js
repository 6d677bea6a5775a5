// Beside the scripts of allauth: what needs passkeys shows itself, and a failure is shown in words.
(() => {
  if (window.PublicKeyCredential) {
    for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
  }

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault(); // the page says it; the console need not
    for (const part of document.querySelectorAll("[data-passkey-failure]")) part.hidden = false;
  });
})();
