// Made by `poly generate`: changes here are lost.
import type { ApiFunctionResponse, GraphqlFunctionResponse } from '../types.js';
import type { schemas } from '../schemas.js';

export interface Crm {
  /** A function that is also a context */
  contacts: ((limit: number | undefined, order: "asc" | "desc") => Promise<string[]>) & CrmContacts;
  /** A contact was made */
  onContact: (callback: (event: {
    contactId: string;
  }, headers: Record<string, any>, params: Record<string, any>, polyCustom: {
    responseStatusCode: number;
    responseContentType: string | null;
  }) => void) => () => void;
  query: (variables?: Record<string, any>) => Promise<GraphqlFunctionResponse<{
    viewer: string;
  }>>;
}

export interface CrmContacts {
  /**
   * Reads one contact.
   *
   * Answers 404 when there is none. A trap: *\/ ends a comment.
   * @param id Contact id
   * @param fields Which fields,
   * all when absent
   */
  get: (id: string, fields?: ('name' | 'email')[]) => Promise<ApiFunctionResponse<{
    address?: CrmContactsGetResultAddress;
    /** @deprecated */
    "e-mail verified"?: boolean;
    email?: string | null;
    id: number;
    /** Full name */
    name: string;
  }>>;
  /** Changes a contact */
  update: (contact_id: string, payload: {
    /** Full name */
    name: string;
    age?: number | null;
    contact?: schemas.Crm.Contact;
  }) => Promise<ApiFunctionResponse<void>>;
}

type CrmContactsGetResultAddress = {
  neighbour?: CrmContactsGetResultAddress;
  street: string;
};
