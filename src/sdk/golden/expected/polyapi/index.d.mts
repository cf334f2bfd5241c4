// Another name of `openpoly`, for sources written against it.
export * from 'openpoly';
export { default } from 'openpoly';
