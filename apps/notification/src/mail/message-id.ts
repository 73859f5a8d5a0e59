/** The same for the same key: two mails that bear it are one. Made of what RFC 5322 allows there; `domain` is the sender's. */
export const messageIdOf = (key: string, domain = "cartwright"): string => `<${key.replaceAll(/[^\w.-]/g, ".")}@${domain}>`;
