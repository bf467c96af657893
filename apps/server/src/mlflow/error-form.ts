import type { NestorError } from '#errors';
import type { ErrorResponse } from '../http/send-error.ts';

/** MLflow's error codes by HTTP status. Source: mlflow/exceptions.py, ERROR_CODE_TO_HTTP_STATUS. */
const CODE_BY_STATUS: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'RESOURCE_DOES_NOT_EXIST',
  408: 'DEADLINE_EXCEEDED',
  413: 'RESOURCE_LIMIT_EXCEEDED',
  422: 'INVALID_PARAMETER_VALUE',
  429: 'REQUEST_LIMIT_EXCEEDED',
  499: 'CANCELLED',
  500: 'INTERNAL_ERROR',
  503: 'TEMPORARILY_UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** Renders an error in the form of MLflow's scoring server, with one of its `ErrorCode`s but without a stack trace. */
export const renderError = ({ entry, message }: NestorError): ErrorResponse => ({
  contentType: 'application/json',
  body: { error_code: CODE_BY_STATUS[entry.status] ?? 'BAD_REQUEST', message },
});
