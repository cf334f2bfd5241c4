// What a project writes against the SDK of src/sdk/golden/specs.json; all of it has to compile under
// --strict. The annotations are the claims: a wrong generated type fails here.
import poly, { vari, schemas, PolyError, polyCustom } from 'openpoly';
import type { ApiFunctionResponse } from 'openpoly';
import samePoly, { vari as sameVari } from 'polyapi';

type Equal<Left, Right> =
  (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? true : false;
function claim<_Holds extends true>(): void {}

export async function apiFunctions(): Promise<void> {
  const found = await poly.crm.contacts.get('7', ['name', 'email']);
  const status: number = found.status;
  const name: string = found.data.name;
  const neighbour: string | undefined = found.data.address?.neighbour?.street;
  const email: string | null | undefined = found.data.email;
  const latency: number | undefined = found.metrics.roundTripNetworkLatencyMs;
  const updated: ApiFunctionResponse<void> = await poly.crm.contacts.update('7', { name, age: null });
  const viewer: string | undefined = (await poly.crm.query()).data.viewer;
  console.log(status, neighbour, email, latency, updated, viewer);
}

export async function serverFunctions(): Promise<void> {
  const sorted: string[] = await poly.crm.contacts(undefined, 'asc');
  const { executionId } = await poly.CRM.enqueue(1, (error) => error?.length);
  const pong: string = await poly.ping();
  await poly.promise.a.b.c.d.e.f.default({}, 'anything');
  claim<Equal<ReturnType<typeof poly.CRM.enqueue>, Promise<{ executionId: string }>>>();
  console.log(sorted, executionId, pong, await poly.legacy.untyped(1, 2, 3));
}

export async function clientFunctions(): Promise<void> {
  const initials: string = poly.text.initials('Ada Lovelace');
  const described: Promise<string> = poly.text.describe('7');
  console.log(initials, await described);
}

export async function shapes(): Promise<schemas.Crm.Contact> {
  return poly.shapes.everything({
    union: [1, 2],
    'required but not described': 1,
    either: { kind: 'circle', radius: 1 },
    extended: { kind: 'circle', radius: 1, label: 'one' },
    merged: { a: 'a', b: 1 },
    nullable: null,
    literal: 'fixed',
    numbers: 2.5,
    tuple: ['a', null],
    'open tuple': ['a', 1, true, false],
    map: { a: 1 },
    mixed: { name: 'a', size: 1, extra: true },
    patterns: { 'x-a': 'b' },
    nothing: {},
    tree: { children: [{ children: [] }] },
    json: { a: [1, null, { b: 'c' }] },
    loop: 'text',
  });
}

export async function variables(): Promise<void> {
  const settings = await vari.crm.settings.get();
  claim<Equal<typeof settings, { hosts: string[]; pageSize: number }>>();
  await vari.crm.settings.update({ hosts: [], pageSize: settings.pageSize });
  await poly.crm.contacts.update(vari.crm.token.inject(), { name: sameVari.crm.token.inject() });
  await poly.crm.contacts(vari.crm.settings.inject('pageSize'), 'desc');
  await samePoly.crm.contacts.get(vari.crm.settings.inject('hosts[0]'));
}

export function webhooks(): () => void {
  return poly.crm.onContact(async (event, headers, params, custom) => {
    const contact: schemas.Crm.Contact = { id: event.contactId, company: { name: headers['x'] } };
    custom.responseStatusCode = 202;
    polyCustom.responseStatusCode = 202;
    console.log(contact, params);
  });
}

export function errors(error: unknown): number {
  const note: schemas.Crm.Contact.Note = 'a note';
  return error instanceof PolyError ? error.statusCode : note.length;
}

declare const console: { log(...values: unknown[]): void };
