// Each line is a mistake that the types must catch; the code that tsc gives it stands at its end.
import poly from 'openpoly';

poly.github.issues.get('octo-org', 'hello', '1347'); // TS2345
poly.github.repos.listForOrg('octo-org', 'no such kind'); // TS2345
poly.github.issues.create('octo-org', 'hello'); // TS2554
poly.github.pulls.merge('octo-org', 'hello', 7, { merge_method: 'crush' }); // TS2322
poly.github.orgs.createWebhook('octo-org', { name: 'web' }); // TS2345
poly.github.issues.noSuchFunction(); // TS2339
poly.github.meta.get().then((answer) => answer.data.no_such_property); // TS2339
