/* A context as the page carries it: what stands in it several times is written once. `shared` has the ways to the
   places of each value, `common` is what all messages have. */

export function unpacked(text) {
  const { shared = [], common = {}, ...block } = JSON.parse(text);
  for (const message of block.data.conversation?.messages ?? []) Object.assign(message, common);
  for (const { value, at } of shared) {
    for (const way of at) {
      const owner = way.slice(0, -1).reduce((inner, step) => inner[step], block.data);
      owner[way.at(-1)] = value;
    }
  }
  return block;
}
