// What a function finds around it without importing anything, and the answer to every import that
// no declarations are there for: it is `any`, and no reason to warn.

declare module "*";

declare function require(name: string): any;
declare var module: any;
declare var exports: any;
declare var process: any;
declare var console: any;
declare var global: any;
declare const __filename: string;
declare const __dirname: string;

declare class Buffer extends Uint8Array {
  static from(value: any, encoding?: string): Buffer;
  static alloc(size: number, fill?: any): Buffer;
  static concat(list: readonly Uint8Array[], length?: number): Buffer;
  static byteLength(value: any, encoding?: string): number;
  static isBuffer(value: any): value is Buffer;
  toString(encoding?: string, start?: number, end?: number): string;
  [member: string]: any;
}

declare function setTimeout(handler: (...values: any[]) => void, milliseconds?: number, ...values: any[]): any;
declare function setInterval(handler: (...values: any[]) => void, milliseconds?: number, ...values: any[]): any;
declare function setImmediate(handler: (...values: any[]) => void, ...values: any[]): any;
declare function clearTimeout(timer: any): void;
declare function clearInterval(timer: any): void;
declare function clearImmediate(timer: any): void;
declare function queueMicrotask(handler: () => void): void;
declare function structuredClone<T>(value: T, options?: any): T;
declare function atob(text: string): string;
declare function btoa(text: string): string;
declare function fetch(resource: any, options?: any): Promise<any>;

declare var crypto: any;
declare var performance: any;
declare var WebAssembly: any;
type AbortController = any;
declare var AbortController: any;
type AbortSignal = any;
declare var AbortSignal: any;
type Blob = any;
declare var Blob: any;
type Event = any;
declare var Event: any;
type EventTarget = any;
declare var EventTarget: any;
type File = any;
declare var File: any;
type FormData = any;
declare var FormData: any;
type Headers = any;
declare var Headers: any;
type ReadableStream<T = any> = any;
declare var ReadableStream: any;
type Request = any;
declare var Request: any;
type Response = any;
declare var Response: any;
type TextDecoder = any;
declare var TextDecoder: any;
type TextEncoder = any;
declare var TextEncoder: any;
type URL = any;
declare var URL: any;
type URLSearchParams = any;
declare var URLSearchParams: any;
type WebSocket = any;
declare var WebSocket: any;
type WritableStream<T = any> = any;
declare var WritableStream: any;

declare namespace NodeJS {
  type ErrnoException = any;
  type ProcessEnv = Record<string, string | undefined>;
  type Timeout = any;
}
