import type { ReactElement } from "react";
import { CartPanel } from "./cart-panel.tsx";
import { Icon } from "./icon.tsx";
import { Messages } from "./messages.tsx";
import { Modal } from "./modal.tsx";

/** The cart over the page, where there is no room beside it. */
export const CartSheet = ({ onClose }: { onClose(): void }): ReactElement => (
  <Modal className="sheet" labelledBy="cart-heading" onClose={onClose}>
    <button type="button" className="sheet-close" onClick={onClose} aria-label="Close the cart">
      <Icon name="cross" />
    </button>
    <CartPanel />
    {/* What lies under an open dialog is not read out. */}
    <Messages />
  </Modal>
);
