import { type ReactElement, type ReactNode, useEffect, useRef } from "react";
import { useBackCloses } from "../hooks/use-back-closes.ts";

export type ModalProps = { readonly className: string; readonly labelledBy: string; readonly children: ReactNode; onClose(): void };

/** A dialog over the page, which holds the focus and gives it back; Escape, a tap beside it and the way back close it. */
export const Modal = ({ className, labelledBy, children, onClose }: ModalProps): ReactElement => {
  const dialog = useRef<HTMLDialogElement>(null);
  useBackCloses(onClose);
  useEffect(() => {
    const opener = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard has Escape
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={labelledBy}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
};
