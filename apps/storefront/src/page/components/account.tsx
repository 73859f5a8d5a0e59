import { type ReactElement, useState } from "react";
import { useHeldFocus } from "../hooks/use-held-focus.ts";
import { useShop } from "../hooks/use-shop.ts";
import { useShopPage } from "../shop-page.tsx";
import { Icon } from "./icon.tsx";
import { SignInDialog } from "./sign-in-dialog.tsx";

/** Who shops, and how to become somebody else. */
export const Account = (): ReactElement => {
  const { shop } = useShopPage();
  const { email } = useShop();
  const [open, setOpen] = useState(false);
  const held = useHeldFocus<HTMLDivElement>("button");
  if (email !== null)
    return (
      <div className="account" {...held}>
        <span className="account-name" title={email}>
          <Icon name="person" />
          <span className="label">{email}</span>
        </span>
        <button type="button" className="quiet" onClick={() => void shop.signOut()}>
          Sign out
        </button>
      </div>
    );
  return (
    <div className="account" {...held}>
      <button type="button" className="quiet" onClick={() => setOpen(true)} aria-haspopup="dialog" aria-label="Sign in">
        <Icon name="person" />
        <span className="label">Sign in</span>
      </button>
      {open && <SignInDialog onClose={() => setOpen(false)} />}
    </div>
  );
};
