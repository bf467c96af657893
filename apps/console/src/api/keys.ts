/** Whose key a request carries: a caller's, or that of who may change what is served. */
export type Role = 'caller' | 'admin';

/** What a role's key is kept under in this browser tab, for this server alone: others may share its origin under other paths. `/docs` reads it too. */
const nameOf = (role: Role): string => `nestor ${role} key ${new URL('.', document.baseURI).pathname}`;

/** The key that was given in this session of the tab. */
export const keyOf = (role: Role): string | undefined => sessionStorage.getItem(nameOf(role)) ?? undefined;

export const keepKey = (role: Role, key: string): void => sessionStorage.setItem(nameOf(role), key);
