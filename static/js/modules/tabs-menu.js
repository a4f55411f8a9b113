// A strip with more tabs than it has room for gets a menu of them at its end. The strip itself goes on scrolling.

export default function tabsMenu(strip) {
  let coming = null;
  const isFull = () => strip.scrollWidth > strip.clientWidth;
  const look = async () => {
    if (isFull()) coming ??= import("../frames/tabs-list.js").then(({ addList }) => addList(strip));
    const button = await coming;
    if (button) button.hidden = !isFull();
  };
  const sizes = new ResizeObserver(look);
  for (const each of [strip, ...strip.children]) sizes.observe(each);
  return () => sizes.disconnect();
}
