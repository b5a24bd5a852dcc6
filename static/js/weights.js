/* The weights of a table of targets are added up while they are typed, and rows are added.
   The server counts again when the table is saved. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-weights]");
  if (!form) return;
  var said = form.querySelector("[data-said]");
  var add = form.querySelector("[data-add]");
  var rows = form.querySelector(".rows");
  var model = form.querySelector("template[data-row]");
  var total = form.querySelector("[name$='-TOTAL_FORMS']");

  function hundredths(text) {
    var typed = text.trim();
    if (!/^(\d+|\d{1,3}(\.\d{3})+)(,\d{1,2})?$/.test(typed)) return 0;
    return Math.round(Number(typed.replace(/\./g, "").replace(",", ".")) * 100);
  }

  function shown(value) {
    return String(value / 100).replace(".", ",");
  }

  function count() {
    if (!said) return;
    var sum = 0;
    form.querySelectorAll("[data-weight] input").forEach(function (input) {
      var gone = input.closest("fieldset").querySelector("[data-delete] input");
      if (!gone || !gone.checked) sum += hundredths(input.value);
    });
    var kind = sum === 10000 ? "full" : sum < 10000 ? "less" : "more";
    var words = said.dataset[kind].replace("{total}", shown(sum));
    words = words.replace("{rest}", shown(Math.abs(10000 - sum)));
    if (said.textContent !== words) said.textContent = words;
  }

  function append() {
    var item = document.createElement("li");
    item.className = "sheet pad mb-3";
    item.innerHTML = model.innerHTML.replace(/__prefix__/g, total.value);
    total.value = String(Number(total.value) + 1);
    rows.appendChild(item);
    item.querySelector("textarea").focus();
  }

  if (add) {
    add.hidden = false;
    add.addEventListener("click", append);
  }
  form.addEventListener("input", count);
  form.addEventListener("change", count);
  count();
})();
