/** Pieces of one product that a cart may hold. */
export const maxPiecesOfProduct = 9_999;

/** Different products that a cart may hold. */
export const maxDistinctProducts = 500;

/** Coupons that a cart takes at once. */
export const maxCoupons = 5;
