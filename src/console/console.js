// What is live. Everything else works without it.
"use strict";

// Rows that come by server-sent events go on top of a table, and the oldest make way.
for (const body of document.querySelectorAll("tbody[data-live]")) {
  const source = new EventSource(body.dataset.live + location.search);
  source.onmessage = (event) => {
    body.insertAdjacentHTML("afterbegin", event.data);
    while (body.rows.length > Number(body.dataset.most)) body.lastElementChild.remove();
  };
}
