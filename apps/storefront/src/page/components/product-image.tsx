import type { ReactElement } from "react";

/** Stands beside the product's name, which says it all to whoever does not see it. */
export const ProductImage = ({ image }: { image: string | null }): ReactElement => (
  <div className="picture">{image !== null && <img src={image} alt="" width="64" height="64" loading="lazy" decoding="async" />}</div>
);
