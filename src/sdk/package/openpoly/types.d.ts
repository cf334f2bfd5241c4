// What calls and variables of the catalog give back.

/** How long a call took, as seen from here and from the server. */
export interface ApiCallMetrics {
  /** Time on the network between this program and the server, both ways. */
  roundTripNetworkLatencyMs?: number;
  /** Time that the server needed, the called API included. */
  serverExecutionTimeMs?: number;
}

/** The answer of an API function: whatever the API said, errors included. */
export interface ApiFunctionResponse<T = any> {
  /** HTTP status of the API, or of the server when it could not call the API. */
  status: number;
  data: T;
  headers: { [name: string]: any };
  metrics: ApiCallMetrics;
}

/** The answer of a GraphQL API: data, errors or both. */
export type GraphqlFunctionResponse<T = any> = ApiFunctionResponse<Partial<T & { errors?: any[] }>>;

/** A call that was refused or failed. */
export declare class PolyError extends Error {
  constructor(message: string, options?: { statusCode?: number; code?: string; details?: any; cause?: any });
  readonly name: 'PolyError';
  /** HTTP status of the server; 0 when there was no answer. */
  readonly statusCode: number;
  /** A stable word for programs, when the server gave one. */
  readonly code: string | undefined;
  /** The whole body of the answer. */
  readonly details: any;
}

/** The answer to the update of a variable. */
export interface VariableUpdate {
  status: number;
  data: any;
  headers: { [name: string]: any };
}

export interface SecretVariable<T = any> {
  /**
   * A reference to the value, for an argument of an API or server function. The server puts the value in;
   * this program never sees it.
   */
  inject(): T;
  /** A reference to a part of the value. */
  inject<K extends keyof T & string>(path: K): T[K];
  /** A reference to a part of the value, such as `keys[0].name`. */
  inject(path: string): any;
  /** Replaces the value. */
  update(value: T): Promise<VariableUpdate>;
}

export interface Variable<T = any> extends SecretVariable<T> {
  /** Reads the value. */
  get(): Promise<T>;
}

/** What a server function knows of the call that it answers. Empty outside of a server function. */
export interface PolyCustom {
  readonly executionId?: string;
  /** Sets the HTTP status of the answer. */
  responseStatusCode?: number;
  /** Sets the content type of the answer. */
  responseContentType?: string | null;
  /** Sets further headers of the answer. */
  responseHeaders?: { [name: string]: string };
  [key: string]: any;
}
