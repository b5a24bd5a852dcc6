/* Adds up each group and the base of a scheme while it is typed. The server counts again. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-scheme]");
  if (!form) return;
  var said = form.querySelector("[data-total]");

  function hundredths(text) {
    var typed = text.trim().replace(/\u2212/g, "-");
    if (!/^-?(\d+|\d{1,3}(\.\d{3})+)(,\d{1,2})?$/.test(typed)) return 0;
    return Math.round(Number(typed.replace(/\./g, "").replace(",", ".")) * 100);
  }

  function shown(value) {
    return String(value / 100).replace(".", ",");
  }

  function read(row) {
    function value(name) {
      var input = row.querySelector("[data-field='" + name + "'] :is(input, select, textarea)");
      return name === "DELETE" ? input.checked : input.value.trim();
    }
    return {
      row: row, code: value("code"), parent: value("parent"), isGroup: value("kind") === "GROUP",
      max: hundredths(value("max_score")), isGone: value("DELETE")
    };
  }

  function named(name) {
    var input = form.querySelector("[name='" + name + "']");
    return input ? input.value.trim() : "";
  }

  function count() {
    var rows = Array.from(form.querySelectorAll("[data-row]"), read);
    var sums = {};
    rows.forEach(function (one) {
      if (one.code && !one.isGone) sums[one.parent] = (sums[one.parent] || 0) + one.max;
    });
    var bonus = named("bonus_group"), penalty = named("penalty_group");
    var total = 0, wrong = [];
    rows.forEach(function (one) {
      var counts = one.code && !one.isGone;
      var sum = sums[one.code] || 0;
      one.row.querySelector("[data-sum]").textContent = counts && one.isGroup ? shown(sum) : "";
      if (!counts) return;
      if (!one.parent && one.code !== bonus && one.code !== penalty) total += one.max;
      if (one.isGroup && one.code !== bonus && sum !== one.max) wrong.push(one.code);
    });
    var words = said.dataset.words.replace("{total}", shown(total));
    if (wrong.length) words += ". " + said.dataset.wrong.replace("{codes}", wrong.join(", "));
    if (said.textContent !== words) said.textContent = words;
  }

  form.addEventListener("input", count);
  form.addEventListener("change", count);
  count();
})();
