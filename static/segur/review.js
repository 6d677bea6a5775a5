// Keyboard shortcuts of the review: everything is also a link or a button. A decision is never
// taken by a single key: its key moves the focus to the button. They can be switched off.
(() => {
  const toggle = document.querySelector("[data-keys-toggle]");
  const off = () => localStorage.getItem("review-keys") === "off";
  if (toggle) {
    toggle.hidden = false;
    const box = toggle.querySelector("input");
    box.checked = !off();
    box.addEventListener("change", () => localStorage.setItem("review-keys", box.checked ? "on" : "off"));
  }

  const typing = (element) => element.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  const links = () => [...document.querySelectorAll("[data-row] [data-open]")];

  const step = (by) => {
    const rows = links();
    if (rows.length) {
      const here = rows.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
      const place = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
      rows[Math.min(Math.max(place, 0), rows.length - 1)].focus();
      return true;
    }
    const link = document.querySelector(`[data-key="${by > 0 ? "j" : "k"}"]`);
    if (link) link.click();
    return Boolean(link);
  };

  const check = () => {
    const row = document.activeElement.closest("[data-row]");
    const box = row && row.querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
    return Boolean(box);
  };

  const reach = (key) => {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (!target) return false;
    if ("focusOnly" in target.dataset) {
      target.scrollIntoView({ block: "nearest" });
      target.focus();
    } else target.click();
    return true;
  };

  const acts = { j: () => step(1), k: () => step(-1), x: check };

  document.addEventListener("keydown", (event) => {
    if (off() || event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : "";
    if (!"jkxpvscnf".includes(key) || !key) return;
    if ((acts[key] || (() => reach(key)))()) event.preventDefault();
  });
})();
