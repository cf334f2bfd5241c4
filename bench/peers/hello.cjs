// The peer of a cold start in JavaScript: one answer, then the end.
process.stdout.write(JSON.stringify({ hello: 'world' }));
