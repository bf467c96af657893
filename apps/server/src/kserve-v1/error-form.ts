import type { NestorError } from '#errors';

/** An error as KServe's data plane writes it. */
export const renderError = ({ message }: NestorError): { error: string } => ({ error: message });
