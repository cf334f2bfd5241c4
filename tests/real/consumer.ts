// A program that uses GitHub's functions with the right types; the unused type aliases fail to compile when a result is `any`.
import poly, { schemas } from 'openpoly';

type IsAny<T> = 0 extends 1 & T ? true : false;
const known = <T>(value: T, _isAny: IsAny<T> extends true ? never : 'known'): T => value;

export async function tour(owner: string, repo: string): Promise<string[]> {
  const repositories = await poly.github.repos.listForOrg(owner, 'sources', 'full_name', 'asc', 100);
  const names: string[] = known(repositories.data, 'known').map((each) => each.full_name);

  const created = await poly.github.issues.create(owner, repo, {
    title: 'Found a bug',
    labels: ['bug', { name: 'ui' }],
    milestone: null,
  });
  const issue: schemas.Github.Issue = known(created.data, 'known');
  const number: number = issue.number;

  const updated = await poly.github.issues.update(owner, repo, number, { state: 'closed', state_reason: 'completed' });
  const url: string = updated.data.html_url;

  const merged = await poly.github.pulls.merge(owner, repo, 7, { merge_method: 'squash' });
  const isMerged: boolean = merged.data.merged;

  await poly.github.orgs.createWebhook(owner, {
    name: 'web',
    events: ['push'],
    config: { url: 'https://example.com/hook', content_type: 'json' },
  });
  const migrations = await poly.github.migrations.listForOrg(owner, undefined, undefined, ['repositories']);
  const states: string[] = migrations.data.map((each) => each.state);

  const html: string = (await poly.github.markdown.render({ text: '**hello**', mode: 'gfm' })).data;
  const nothing: void = (await poly.github.gists.delete('aa5a315d61ae9438b18d')).data;
  void nothing;
  return [...names, ...states, url, html, String(isMerged)];
}
