// Before a form leaves: too many files, one too big, or too much in all is shown at the field, so
// that nobody waits for a long sending to be refused. The site checks all of it again.
(() => {
  const inputsOf = (form) => [...form.querySelectorAll("input[type=file][data-max-files]")];
  const megabytes = (bytes) => Math.round(Number(bytes) / 1024 ** 2);

  const problem = (inputs) => {
    const files = inputs.flatMap((input) => [...input.files]);
    const { maxFiles, maxBytes, maxTotal } = inputs[0].dataset;
    const big = files.find((file) => file.size > Number(maxBytes));
    if (big) return `« ${big.name} » dépasse ${megabytes(maxBytes)} Mo : réduisez-le ou coupez-le en deux.`;
    if (files.length > Number(maxFiles)) {
      return `${files.length} fichiers sont choisis, ${maxFiles} au plus par envoi : joignez-les en plusieurs fois, ou réunissez-les dans un ZIP.`;
    }
    const total = files.reduce((sum, file) => sum + file.size, 0);
    if (total > Number(maxTotal)) {
      return `Les fichiers choisis font ${megabytes(total)} Mo, ${megabytes(maxTotal)} Mo au plus par envoi : joignez-les en plusieurs fois.`;
    }
    return "";
  };

  const say = (input, words) => {
    const id = `${input.id}_limits`;
    const shown = document.getElementById(id) || document.createElement("p");
    shown.id = id;
    shown.className = "field-error";
    shown.setAttribute("role", "alert");
    shown.textContent = words;
    if (!shown.isConnected) input.before(shown);
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-errormessage", id);
  };

  const unsay = (input) => {
    const shown = document.getElementById(`${input.id}_limits`);
    if (!shown) return;
    shown.remove();
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-errormessage");
  };

  // The input that has most to do with it: the one just changed, else the last that has files.
  const check = (form, changed) => {
    const inputs = inputsOf(form);
    if (!inputs.length) return null;
    inputs.forEach(unsay);
    const words = problem(inputs);
    if (!words) return null;
    const input = changed || inputs.filter((one) => one.files.length).pop();
    say(input, words);
    return input;
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-max-files]")) check(event.target.form, event.target);
  });

  document.addEventListener("submit", (event) => {
    const input = check(event.target);
    if (!input) return;
    event.preventDefault();
    input.focus();
  });
})();
