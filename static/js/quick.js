/* Proposes the target while the quick form is filled in; without this file the next page does.
   The camera is offered where there is one to hold. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-proposed]");
  var camera = document.getElementById("div_id_photos");
  if (camera && !matchMedia("(pointer: coarse)").matches) camera.hidden = true;
  var target = form && form.querySelector("[name=target]");
  if (!target) return;
  var category = form.querySelector("[name=category]"), quantity = form.querySelector("[name=quantity]");
  var line = form.querySelector("[data-proposal]"), isChosen = target.value !== "";
  var proposed = {};
  form.dataset.proposed.trim().split(" ").forEach(function (pair) {
    var parts = pair.split(":");
    proposed[parts[0]] = parts[1];
  });

  /* A result serves a target; where there is none, nothing is proposed. Who chose keeps the choice. */
  function propose() {
    if (!isChosen) target.value = quantity.value.trim() && proposed[category.value] || "";
    var option = target.options[target.selectedIndex];
    line.hidden = !target.value;
    line.textContent = target.value ? line.dataset.text.replace("{target}", option.text) : "";
  }

  target.addEventListener("change", function (event) {
    if (!event.isTrusted) return;
    isChosen = target.value !== "";
    propose();
  });
  quantity.addEventListener("input", propose);
  category.addEventListener("change", propose);
  propose();
})();
