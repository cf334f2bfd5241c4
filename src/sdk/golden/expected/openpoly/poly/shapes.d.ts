// Made by `poly generate`: changes here are lost.
import type { ApiFunctionResponse, GraphqlFunctionResponse } from '../types.js';
import type { schemas } from '../schemas.js';

export interface Shapes {
  everything: (shape: {
    anything?: any;
    deepMixed?: {
      inner?: {
        x?: number;
      };
      [key: string]: any;
    };
    either?: ShapesEverythingShapeCircle | ShapesEverythingShapeSquare;
    extended?: ShapesEverythingShapeCircle & {
      label: string;
    };
    file?: any;
    foreign?: any /* unresolved schema crm.Missing */;
    impossible?: never;
    json?: ShapesEverythingShapeJson1value;
    literal?: "fixed";
    loop?: ShapesEverythingShapeLoopA;
    lost?: any /* unresolved $ref other.json#/definitions/X */;
    map?: { [key: string]: number };
    merged?: {
      a: string;
      b?: number;
    };
    mixed?: {
      name: string;
      size?: number;
      [key: string]: boolean | string | number | undefined;
    };
    narrowed?: {
      a?: string;
      b?: string;
    };
    nothing?: { [key: string]: never };
    nullable?: string | null;
    numbers?: 1 | 2.5 | -3 | null | "a\"b";
    "open tuple"?: [string, (number | null)?, ...boolean[]];
    patterns?: { [key: string]: string };
    "required but not described": any;
    self?: ShapesEverythingShapeRoot;
    tree?: ShapesEverythingShapeTree;
    tuple?: [string, number | null];
    union: string | number[];
  }, text_schema?: {
    a?: string;
  }) => Promise<schemas.Crm.Contact>;
}

type ShapesEverythingShapeTree = {
  children?: ShapesEverythingShapeTree[];
};
type ShapesEverythingShapeRoot = {
  anything?: any;
  deepMixed?: {
    inner?: {
      x?: number;
    };
    [key: string]: any;
  };
  either?: ShapesEverythingShapeCircle | ShapesEverythingShapeSquare;
  extended?: ShapesEverythingShapeCircle & {
    label: string;
  };
  file?: any;
  foreign?: any /* unresolved schema crm.Missing */;
  impossible?: never;
  json?: ShapesEverythingShapeJson1value;
  literal?: "fixed";
  loop?: ShapesEverythingShapeLoopA;
  lost?: any /* unresolved $ref other.json#/definitions/X */;
  map?: { [key: string]: number };
  merged?: {
    a: string;
    b?: number;
  };
  mixed?: {
    name: string;
    size?: number;
    [key: string]: boolean | string | number | undefined;
  };
  narrowed?: {
    a?: string;
    b?: string;
  };
  nothing?: { [key: string]: never };
  nullable?: string | null;
  numbers?: 1 | 2.5 | -3 | null | "a\"b";
  "open tuple"?: [string, (number | null)?, ...boolean[]];
  patterns?: { [key: string]: string };
  "required but not described": any;
  self?: ShapesEverythingShapeRoot;
  tree?: ShapesEverythingShapeTree;
  tuple?: [string, number | null];
  union: string | number[];
};
type ShapesEverythingShapeLoopA = ShapesEverythingShapeLoopB | string;
type ShapesEverythingShapeLoopB = any /* a type that is only itself */;
type ShapesEverythingShapeJson1value = string | number | boolean | null | ShapesEverythingShapeJson1value[] | { [key: string]: ShapesEverythingShapeJson1value };
type ShapesEverythingShapeSquare = {
  kind: "square";
  side: number;
};
type ShapesEverythingShapeCircle = {
  kind: "circle";
  radius: number;
};
