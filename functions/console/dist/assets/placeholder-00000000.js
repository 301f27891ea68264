// Stands here until the console is built.
document.body.textContent = "The console is not built: run `make console`.";
