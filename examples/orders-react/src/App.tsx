import { Customer } from "./Customer";
import { Notice } from "./Notice";
import { useDesk } from "./useDesk";

// What stands here as long as no desk has said whom the agent is looking at.
const NOTICES = {
  waiting: <Notice isBusy title="Waiting for the desk…" />,
  silent: <Notice title="No desk">The desk that this app was put up for does not answer.</Notice>,
  alone: (
    <Notice title="Orders">
      This page shows a customer’s orders beside a conversation. Add its address to your desk under Settings →
      Integrations → Dashboard apps.
    </Notice>
  ),
};

export function App() {
  const found = useDesk();

  if (found.state !== "here") return NOTICES[found.state];
  if (!found.context.contact.id) return <Notice title="No conversation is open">Open one to see the customer’s orders.</Notice>;
  // What was said about one conversation is not said about the next: the key makes it anew.
  return <Customer key={found.context.conversation.id} desk={found.desk} context={found.context} />;
}
