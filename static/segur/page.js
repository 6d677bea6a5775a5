// Everything works without this file. It makes four things more comfortable.
(() => {
  // Menus are <details>: Escape or a click elsewhere closes them.
  const open = () => document.querySelectorAll("details[data-menu][open]");

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("click", (event) => {
    for (const menu of open()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // «/» leads to the search of the page, or else of the header, wherever one is not typing. Who
  // speaks to the computer types it unintentionally: the page of the search turns it off (RGAA 12.10).
  const shortcut = document.querySelector("[data-shortcut]");
  const isOff = () => localStorage.getItem("shortcut") === "off";

  if (shortcut) {
    const show = () => { shortcut.textContent = isOff() ? shortcut.dataset.on : shortcut.dataset.off; };
    shortcut.hidden = false;
    shortcut.addEventListener("click", () => {
      localStorage.setItem("shortcut", isOff() ? "on" : "off");
      show();
    });
    show();
  }

  const isTyping = (element) => element.closest("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key !== "/" || modified || isOff() || isTyping(event.target)) return;
    const field = document.querySelector("#recherche") || document.querySelector("#site-search");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // A message that htmx brings to a page already scrolled floats in sight for eight seconds.
  let landing;
  document.addEventListener("htmx:oobAfterSwap", () => {
    const messages = document.getElementById("messages");
    messages.classList.add("messages-floating");
    clearTimeout(landing);
    landing = setTimeout(() => messages.classList.remove("messages-floating"), 8000);
  });

  // What htmx brings is announced (RGAA 7.5) in a region that stays: the words that the part has for
  // it or, after a form, why its list is empty or how long it is. What refreshes itself each minute
  // has none, and the same words are not announced twice.
  const region = document.getElementById("annonce");
  const result = (part) => {
    const found = [".empty p", ".pagination p", "caption"].map((one) => part.querySelector(one)).find(Boolean);
    return found ? `Liste à jour : ${found.textContent}` : "Page à jour";
  };

  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const part = document.getElementById(detail.target.id);
    if (!part) return;
    const words = part.dataset.announce || (detail.requestConfig.elt.matches("form") && result(part));
    if (words && region.textContent !== words) region.textContent = words;
  });
})();
