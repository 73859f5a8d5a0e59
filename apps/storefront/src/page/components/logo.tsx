import type { ReactElement } from "react";

/** A wheel, as a cartwright makes them. */
export const Logo = (): ReactElement => (
  <a className="logo" href="/">
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <circle className="logo-rim" cx="16" cy="16" r="12.500" />
      <g className="logo-spokes">
        {spokes.map((degrees) => (
          <path key={degrees} d="M16 13V3.500" transform={`rotate(${degrees} 16 16)`} />
        ))}
      </g>
      <circle className="logo-hub" cx="16" cy="16" r="3.500" />
    </svg>
    <span>Cartwright</span>
  </a>
);

const spokes = [0, 45, 90, 135, 180, 225, 270, 315];
