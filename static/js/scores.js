/* Sums of a score sheet while it is filled in. The server counts again when it is saved. */
(function () {
  "use strict";

  function hundredths(text) {
    var typed = text.trim().replace("\u2212", "-");
    if (!/^[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d{1,2})?$/.test(typed)) return 0;
    return Math.round(Number(typed.replace(/\./g, "").replace(",", ".")) * 100);
  }

  function shown(value) {
    var sign = value < 0 ? "\u2212" : "";
    var parts = (Math.abs(value) / 100).toFixed(2).split(".");
    return sign + parts[0].replace(/\B(?=(\d{3})+$)/g, ".") + "," + parts[1];
  }

  function within(value, box) {
    return Math.max(Number(box.dataset.min) * 100, Math.min(value, Number(box.dataset.max) * 100));
  }

  function count() {
    var sums = {};
    document.querySelectorAll("[data-part]").forEach(function (cell) {
      var code = cell.dataset.part;
      sums[code] = (sums[code] || 0) + hundredths("points" in cell.dataset ? cell.textContent : cell.querySelector("input").value);
    });
    document.querySelectorAll("[data-total]").forEach(function (box) {
      var code = box.dataset.total;
      if (!code) return;
      sums[code] = within(sums[code] || 0, box);
      box.textContent = shown(sums[code]);
    });
    document.querySelectorAll("[data-total='']").forEach(function (box) {
      var total = Object.keys(sums).reduce(function (sum, code) { return sum + sums[code]; }, 0);
      box.textContent = shown(within(total, box));
    });
  }

  /* Enter goes to the points of the next line and sends nothing. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !event.target.closest("[data-part]")) return;
    var all = Array.prototype.slice.call(document.querySelectorAll("[data-part] input"));
    var next = all[all.indexOf(event.target) + (event.shiftKey ? -1 : 1)];
    event.preventDefault();
    if (next) { next.focus(); next.select(); }
  });
  document.addEventListener("input", function (event) {
    if (event.target.closest("[data-part]")) count();
  });
  count();
})();
