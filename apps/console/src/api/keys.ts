/** Whose key a request carries: a caller's or an administrator's. */
export type Role = 'caller' | 'admin';

/**
 * The name of a role's key in this browser tab's storage. The name contains the server's path, since other servers may
 * share its origin. `/docs` reads the key too.
 */
const nameOf = (role: Role): string => `nestor ${role} key ${new URL('.', document.baseURI).pathname}`;

/** The key that was given in this session of the tab. */
export const keyOf = (role: Role): string | undefined => sessionStorage.getItem(nameOf(role)) ?? undefined;

export const keepKey = (role: Role, key: string): void => sessionStorage.setItem(nameOf(role), key);
