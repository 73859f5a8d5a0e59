import { type FormEvent, type ReactElement, useId, useState } from "react";
import type { Credentials } from "../../shop/shop-api.ts";
import { demonstrationAccounts } from "../demonstration-accounts.ts";
import { useSignIn } from "../hooks/use-sign-in.ts";
import { Modal } from "./modal.tsx";

/** Asks who somebody is; what a guest has chosen comes along. */
export const SignInDialog = ({ onClose }: { onClose(): void }): ReactElement => {
  const id = useId();
  const { signIn, busy, trouble } = useSignIn(onClose);
  const [credentials, setCredentials] = useState<Credentials>({ email: "", password: "" });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void signIn(credentials);
  };
  return (
    <Modal className="dialog" labelledBy={`${id}-title`} onClose={onClose}>
      <form onSubmit={submit} aria-busy={busy}>
        <h2 id={`${id}-title`}>Sign in</h2>
        <p className="dialog-lead">What is in your cart comes along.</p>
        <label>
          E-mail
          <input
            type="email"
            name="email"
            autoComplete="username"
            required
            value={credentials.email}
            onChange={(event) => setCredentials({ ...credentials, email: event.target.value })}
          />
        </label>
        <label>
          Password
          <input
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={credentials.password}
            onChange={(event) => setCredentials({ ...credentials, password: event.target.value })}
          />
        </label>
        <p className="dialog-trouble" role="alert">
          {trouble}
        </p>
        <div className="dialog-actions">
          <button type="button" className="quiet" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="primary" aria-disabled={busy}>
            {busy ? "Signing in …" : "Sign in"}
          </button>
        </div>
        {demonstrationAccounts.length > 0 && (
          <fieldset className="demonstration">
            <legend>Demonstration accounts</legend>
            {demonstrationAccounts.map((account) => (
              <button type="button" className="quiet" key={account.email} aria-disabled={busy} onClick={() => void signIn(account)}>
                {account.email}
              </button>
            ))}
          </fieldset>
        )}
      </form>
    </Modal>
  );
};
