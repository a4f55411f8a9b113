// A text area as tall as its text, where the style sheet's field-sizing is not known yet.

export default function autogrow(area) {
  if (CSS.supports("field-sizing", "content")) return;
  const fit = () => {
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight}px`;
  };
  area.addEventListener("input", fit);
  fit();
}
