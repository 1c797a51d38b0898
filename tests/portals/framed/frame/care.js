document.documentElement.dataset.care = "ready";
