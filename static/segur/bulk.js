// Lists whose lines are ticked work without this file. It says how many are ticked, lets Shift tick
// a whole run, and «Tout sélectionner» shows its effect on the lines of the page.
(() => {
  const forms = () => document.querySelectorAll("form[data-bulk]");
  const boxes = (form) => [...form.querySelectorAll("input[name=ligne]")];
  let last = null;

  const count = (form) => {
    const all = form.querySelector("input[name=tout]");
    const ticked = boxes(form).filter((box) => box.checked).length;
    const words = form.querySelector("[data-bulk-count]");
    if (all.checked) words.textContent = "Toutes sélectionnées";
    else words.textContent = ticked ? `${ticked} sélectionnée${ticked > 1 ? "s" : ""}` : "";
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (!form) return;
    if (event.target.name === "tout") {
      for (const box of boxes(form)) box.checked = event.target.checked;
    } else if (event.target.name === "ligne" && !event.target.checked) {
      form.querySelector("input[name=tout]").checked = false;
    }
    count(form);
  });

  document.addEventListener("click", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (!form || event.target.name !== "ligne") return;
    const all = boxes(form);
    if (event.shiftKey && last && all.includes(last)) {
      const ends = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
      for (const box of all.slice(ends[0], ends[1] + 1)) box.checked = event.target.checked;
      count(form);
    }
    last = event.target;
  });

  for (const form of forms()) count(form);
})();
