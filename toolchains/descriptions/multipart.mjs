// The fields of a multipart body whose text was recorded.
import { formField } from './forms.mjs';

export async function readMultipart(text, mimeType, remark) {
  try {
    const form = await new Response(text, { headers: { 'content-type': mimeType } }).formData();
    return Array.from(form, ([name, value]) => formField(name, typeof value === 'string' ? value : null));
  } catch {
    remark('the parts of its multipart body cannot be told apart');
    return [];
  }
}
