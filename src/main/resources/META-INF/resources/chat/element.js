/** Creates an element; the class and the text are optional. */
export function element(tag, className, content) {
  const created = document.createElement(tag);
  if (className) created.className = className;
  if (content !== undefined) created.textContent = content;
  return created;
}
