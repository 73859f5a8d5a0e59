/** A compile error where a case is missed; loud at run time where a value slips past its type. */
export const unreachable = (value: never): never => {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
};
