// «Copier» beside a field that can be selected: without this file one selects it by hand.
(() => {
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    const status = button.parentElement.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      // Outside https there is no clipboard, and a browser may refuse it.
      const isCopied = await (navigator.clipboard?.writeText(field.value).then(() => true, () => false));
      status.textContent = isCopied ? "Adresse copiée" : "Adresse sélectionnée : copiez-la avec Ctrl+C";
    });
  }
})();
