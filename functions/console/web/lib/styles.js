// Styles that come with the code of a group of pages.

/** Adds rules to the document. The Content-Security-Policy allows this; it refuses `<style>` elements. */
export function addStyles(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
