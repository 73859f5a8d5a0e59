import type { ReactElement, ReactNode } from "react";
import type { Message } from "../../shop/message.ts";
import { Icon } from "./icon.tsx";

export type MessageCardProps = { readonly message: Message; readonly children?: ReactNode; onDismiss(): void };

export const MessageCard = ({ message: { tone, text }, children, onDismiss }: MessageCardProps): ReactElement => (
  <div className="message" data-tone={tone} role={tone === "no" ? "alert" : "status"}>
    <p>{text}</p>
    <div className="message-actions">{children}</div>
    <button type="button" className="message-dismiss" onClick={onDismiss} aria-label="Dismiss">
      <Icon name="cross" />
    </button>
  </div>
);
