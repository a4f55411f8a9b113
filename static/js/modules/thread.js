// The thread hangs from its end by itself; what one has just written is brought into sight.

export default function thread(region) {
  const conversation = region.closest(".conversation");
  conversation.addEventListener("composer:sent", () => region.scrollTo({ top: 0 }));
}
