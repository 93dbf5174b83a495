// One request at a time; of those asked for meanwhile only the last is made. Dragging a dial never queues up.

export function latestWins(work) {
  let isRunning = false;
  let waiting = null;
  return async function submit(request) {
    if (isRunning) {
      waiting = request;
      return;
    }
    isRunning = true;
    try {
      for (let next = request; next !== null; next = waiting) {
        waiting = null;
        await work(next);
        if (waiting === null) break;
      }
    } finally {
      isRunning = false;
    }
  };
}

export function debounced(work, ms) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(work, ms, ...values);
  };
}
