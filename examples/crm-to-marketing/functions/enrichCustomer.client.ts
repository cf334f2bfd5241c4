// Turns a customer of the CRM into what marketing wants to know: a clean address, a greeting and a segment.
//
// A client function: it calls nothing, so it is shipped inside the functions and programs that use it.

interface CrmCustomer {
  id: number;
  firstName: string;
  lastName: string;
  /** As the sales team typed it; case and spaces vary. */
  email: string;
  country: string;
  language?: string;
  /** In euro a year; null when unknown. */
  annualRevenue?: number | null;
  tags?: string[];
}

interface MarketingProfile {
  /** Ties the subscriber to its customer, so that a repeated event finds it again. */
  externalId: string;
  email: string;
  fullName: string;
  greeting: string;
  language: string;
  country: string;
  segmentId: string;
  tags: string[];
}

const ENTERPRISE_REVENUE_MIN = 1_000_000;
const GROWTH_REVENUE_MIN = 100_000;

const AMERICAS = new Set(['AR', 'BR', 'CA', 'CL', 'CO', 'MX', 'PE', 'US', 'UY']);
const ASIA_PACIFIC = new Set(['AU', 'CN', 'HK', 'ID', 'IN', 'JP', 'KR', 'MY', 'NZ', 'PH', 'SG', 'TH', 'TW', 'VN']);

const HELLO: Record<string, string> = {
  de: 'Hallo',
  en: 'Hello',
  es: 'Hola',
  fr: 'Bonjour',
  it: 'Ciao',
  nl: 'Hallo',
  pl: 'Cześć',
  pt: 'Olá',
  sv: 'Hej',
};

function regionOf(country: string): string {
  if (AMERICAS.has(country)) return 'americas';
  if (ASIA_PACIFIC.has(country)) return 'asia-pacific';
  return 'europe';
}

function tierOf(annualRevenue: number): string {
  if (annualRevenue >= ENTERPRISE_REVENUE_MIN) return 'enterprise';
  if (annualRevenue >= GROWTH_REVENUE_MIN) return 'growth';
  return 'starter';
}

/**
 * Computes the marketing profile of a customer.
 * @param customer The customer as the CRM returns it.
 */
export function enrichCustomer(customer: CrmCustomer): MarketingProfile {
  const country = customer.country.trim().toUpperCase();
  const language = customer.language ?? 'en';
  const firstName = customer.firstName.trim();
  return {
    externalId: `crm-${customer.id}`,
    email: customer.email.trim().toLowerCase(),
    fullName: `${firstName} ${customer.lastName.trim()}`,
    greeting: `${HELLO[language] ?? HELLO.en} ${firstName}`,
    language,
    country,
    segmentId: `${tierOf(customer.annualRevenue ?? 0)}-${regionOf(country)}`,
    tags: customer.tags ?? [],
  };
}
