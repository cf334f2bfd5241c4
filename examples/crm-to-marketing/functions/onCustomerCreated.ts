// The flow of the integration: a customer was created in the CRM, so marketing gets a subscriber.
//
// A trigger calls it with each event of the webhook. The same event may come twice: the subscriber is looked up by the
// number of its customer first, so the second time nothing new is made.

import poly, { vari } from 'openpoly';

interface CustomerCreated {
  type: 'customer.created';
  customerId: number;
}

interface SyncOutcome {
  action: 'created' | 'updated' | 'unchanged' | 'skipped';
  customerId: number;
  subscriberId?: number;
  segmentId?: string;
  /** Why nothing was written, when the action is `skipped`. */
  reason?: string;
}

interface ApiAnswer {
  status: number;
  data: any;
}

const PROFILE_FIELDS = ['email', 'fullName', 'greeting', 'language', 'country', 'segmentId', 'tags'] as const;

function expectStatus(answer: ApiAnswer, expected: number, attempt: string): any {
  if (answer.status !== expected) {
    throw new Error(`${attempt}: answered ${answer.status}: ${JSON.stringify(answer.data)}`);
  }
  return answer.data;
}

function differs(subscriber: any, profile: any): boolean {
  return PROFILE_FIELDS.some((field) => JSON.stringify(subscriber[field]) !== JSON.stringify(profile[field]));
}

async function findSubscriber(externalId: string): Promise<any | undefined> {
  const answer = await poly.marketing.subscribers.listSubscribers(
    externalId,
    undefined,
    undefined,
    1,
    1,
    vari.marketing.token.inject(),
  );
  const [subscriber] = expectStatus(answer, 200, `finding the subscriber '${externalId}'`);
  return subscriber;
}

/**
 * Brings a new customer of the CRM into marketing.
 * @param event What the CRM sent.
 * @param headers The headers of the CRM's request.
 * @param params The parameters of the CRM's request.
 */
export async function onCustomerCreated(
  event: CustomerCreated,
  headers: Record<string, any>,
  params: Record<string, any>,
): Promise<SyncOutcome> {
  const { customerId } = event;
  if (!Number.isInteger(customerId)) {
    throw new Error(`event.customerId: expected a whole number, got ${JSON.stringify(customerId)}`);
  }

  const customerAnswer = await poly.crm.customers.getCustomer(customerId, vari.crm.apiKey.inject());
  const customer = expectStatus(customerAnswer, 200, `reading the customer ${customerId} from the CRM`);
  if (!customer.marketingConsent) {
    console.info(`customer ${customerId} gave no consent to marketing`);
    return { action: 'skipped', customerId, reason: 'no consent to marketing' };
  }

  const profile = await poly.crmToMarketing.enrichCustomer(customer);
  const existing = await findSubscriber(profile.externalId);
  if (!existing) {
    const answer = await poly.marketing.subscribers.createSubscriber(
      vari.marketing.token.inject(),
      { ...profile, status: 'subscribed' },
    );
    const created = expectStatus(answer, 201, `creating the subscriber '${profile.externalId}'`);
    console.info(`customer ${customerId} is subscriber ${created.id} in ${profile.segmentId}`);
    return { action: 'created', customerId, subscriberId: created.id, segmentId: profile.segmentId };
  }

  const outcome = { customerId, subscriberId: existing.id, segmentId: profile.segmentId };
  if (!differs(existing, profile)) return { action: 'unchanged', ...outcome };

  const { externalId, ...changes } = profile;
  const answer = await poly.marketing.subscribers.updateSubscriber(
    existing.id,
    vari.marketing.token.inject(),
    changes,
  );
  expectStatus(answer, 200, `updating the subscriber '${externalId}'`);
  return { action: 'updated', ...outcome };
}
