// Each line after a `// TS…` comment is a mistake that has to be found, with that error and no other.
import poly, { vari, schemas } from 'openpoly';

export async function mistakes(): Promise<void> {
  // TS2345: a number where a string is wanted
  await poly.crm.contacts.get(7);
  // TS2554: the id is missing
  await poly.crm.contacts.get();
  // TS2322: not one of the words of the list
  await poly.crm.contacts.get('7', ['phone']);
  // TS2339: not a property of the answer
  console.log((await poly.crm.contacts.get('7')).data.phone);
  // TS2322: the answer's id is a number
  const id: string = (await poly.crm.contacts.get('7')).data.id;
  // TS2345: the payload lacks its name
  await poly.crm.contacts.update('7', {});
  // TS2353: the payload has no such property
  await poly.crm.contacts.update('7', { name: 'a', nmae: 'b' });
  // TS2345: not one of the two orders
  await poly.crm.contacts(1, 'sideways');
  // TS2554: the order is required though the limit is not
  await poly.crm.contacts(1);
  // TS2339: no such function
  await poly.crm.contacts.remove('7');
  // TS2339: a secret cannot be read
  await vari.crm.token.get();
  // TS2322: the value of the variable has no such type
  await vari.crm.settings.update({ hosts: 'a', pageSize: 1 });
  // TS2345: a reference has the type of its value
  await poly.crm.contacts.get(vari.crm.settings.inject());
  // TS2741: the schema requires an id
  const contact: schemas.Crm.Contact = {};
  // TS2339: the event has no such property
  poly.crm.onContact((event) => console.log(event.id));
  // TS2339: the Python function is not for this SDK
  poly.text.inPython();
  console.log(id, contact);
}

declare const console: { log(...values: unknown[]): void };
