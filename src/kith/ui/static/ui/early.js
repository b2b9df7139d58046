// Runs as the body begins: says that scripts work, so that folds do not jump.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
