// A new service made of two systems: one answer about a customer, from the CRM and from marketing.
//
// A waiting webhook exposes it as GET …/customers/{customerId}; the three calls that do not need each other's answer
// run at the same time.

import poly, { vari, polyCustom } from 'openpoly';

interface CustomerOverview {
  customer: { id: number; name: string; company: string | null; status: string };
  orders: { count: number; open: number; totals: Record<string, number>; latest: string | null };
  marketing: { subscribed: boolean; segmentId: string | null };
}

interface Refusal {
  message: string;
}

interface ApiAnswer {
  status: number;
  data: any;
}

function refuse(status: number, message: string): Refusal {
  polyCustom.responseStatusCode = status;
  return { message };
}

function summarise(orders: any[]): CustomerOverview['orders'] {
  const counted = orders.filter((order) => order.status !== 'cancelled');
  const totals: Record<string, number> = {};
  for (const order of counted) {
    const sum = (totals[order.currency] ?? 0) + order.total;
    totals[order.currency] = Math.round(sum * 100) / 100;
  }
  return {
    count: counted.length,
    open: counted.filter((order) => order.status === 'open').length,
    totals,
    latest: counted.map((order) => order.placedAt).sort().at(-1) ?? null,
  };
}

/**
 * What the CRM and marketing know about one customer.
 * @param event The body of the request; a GET has none.
 * @param headers The headers of the request.
 * @param params The parameters of the request; `customerId` comes from its path.
 */
export async function customerOverview(
  event: any,
  headers: Record<string, any>,
  params: { customerId: string },
): Promise<CustomerOverview | Refusal> {
  const customerId = Number(params.customerId);
  if (!Number.isInteger(customerId) || customerId < 1) {
    return refuse(400, `customerId: expected a whole number from 1, got '${params.customerId}'`);
  }

  const crmKey = vari.crm.apiKey.inject();
  const marketingToken = vari.marketing.token.inject();
  const answers: ApiAnswer[] = await Promise.all([
    poly.crm.customers.getCustomer(customerId, crmKey),
    poly.crm.orders.listCustomerOrders(customerId, undefined, crmKey),
    poly.marketing.subscribers.listSubscribers(`crm-${customerId}`, undefined, undefined, 1, 1, marketingToken),
  ]);
  const [customerAnswer, ordersAnswer, subscribersAnswer] = answers;
  if (customerAnswer.status === 404) return refuse(404, `the CRM has no customer ${customerId}`);
  const failed = answers.find((answer) => answer.status !== 200);
  if (failed) return refuse(502, `an upstream answered ${failed.status}: ${JSON.stringify(failed.data)}`);

  const customer = customerAnswer.data;
  const [subscriber] = subscribersAnswer.data;
  polyCustom.responseStatusCode = 200;
  return {
    customer: {
      id: customer.id,
      name: `${customer.firstName} ${customer.lastName}`,
      company: customer.company ?? null,
      status: customer.status,
    },
    orders: summarise(ordersAnswer.data),
    marketing: {
      subscribed: subscriber?.status === 'subscribed',
      segmentId: subscriber?.segmentId ?? null,
    },
  };
}
