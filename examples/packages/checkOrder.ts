// What is wrong with an order that came from outside: zod says it in words.
import { z } from 'zod';

const Order = z.object({
  customer: z.string().email(),
  lines: z.array(z.object({ product: z.string().min(1), count: z.number().int().positive() })).nonempty(),
});

interface Check {
  ok: boolean;
  faults: string[];
}

/** Checks an order. */
export function checkOrder(order: unknown): Check {
  const checked = Order.safeParse(order);
  if (checked.success) return { ok: true, faults: [] };
  return { ok: false, faults: checked.error.issues.map((issue: z.ZodIssue) => `${issue.path.join('.')}: ${issue.message}`) };
}
