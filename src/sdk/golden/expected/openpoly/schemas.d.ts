// Made by `poly generate`: changes here are lost.

export declare namespace schemas {
  namespace Crm {
    /** A person or a company */
    type Contact = {
      company?: schemas.Crm.CompanyRecord;
      id: string;
      manager?: Contact;
      tags?: ContactTags;
    };
    namespace Contact {
      type Note = string;
    }
    type CompanyRecord = {
      name: string;
    };
    type ContactTags = string[];
  }
  namespace Loop {
    type One = schemas.Loop.Two | string;
    type Two = any /* a type that is only itself */;
  }
}
export declare const schemas: {};
