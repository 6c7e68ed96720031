import { curl } from '../support/curl.js';
import { parsePrometheusText, sumOf, type Sample } from '../support/prometheus-text.js';
import { HTTP_ADAPTERS, useService } from '../support/use-service.js';

describe.each(HTTP_ADAPTERS)('what operators and people look at, on %s', (adapter) => {
  const fixture = useService({ env: { HTTP_ADAPTER: adapter } });

  async function get(path: string) {
    const answer = await curl([`${fixture.service.url}${path}`]);
    return { ...answer, text: answer.body.toString() };
  }

  async function scrape(): Promise<Sample[]> {
    const metrics = await get('/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    return parsePrometheusText(metrics.text);
  }

  it('counts transfers and bytes by direction and outcome', async () => {
    const before = await scrape();
    const url = fixture.service.fileUrl('counted');
    await curl(['-X', 'PUT', '--data-binary', 'hello', url]);
    await curl([url]);
    await curl(['-r', '0-1', url]);
    const after = await scrape();
    const grown = (name: string, labels: Record<string, string>) =>
      sumOf(after, name, labels) - sumOf(before, name, labels);
    const ingest = { store: 'fs', direction: 'ingest' };
    const deliver = { store: 'fs', direction: 'deliver' };
    expect(grown('stream_ingestion_transfers_total', { ...ingest, outcome: 'completed' })).toBe(1);
    expect(grown('stream_ingestion_transfers_total', { ...deliver, outcome: 'completed' })).toBe(2);
    expect(grown('stream_ingestion_bytes_total', ingest)).toBe(5);
    expect(grown('stream_ingestion_bytes_total', deliver)).toBe(7);
  });

  it('is alive and ready', async () => {
    expect(JSON.parse((await get('/health/live')).text)).toMatchObject({ status: 'ok' });
    const ready = await get('/health/ready');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.text)).toMatchObject({ status: 'ok' });
  });

  it('describes itself in OpenAPI', async () => {
    const answer = await get('/docs-json');
    expect(answer.status).toBe(200);
    const document = JSON.parse(answer.text) as { openapi: string; paths: Record<string, Record<string, unknown>> };
    expect(document.openapi).toMatch(/^3\./);
    expect(Object.keys(document.paths).sort()).toEqual([
      '/files',
      '/files/{key}',
      '/health/live',
      '/health/ready',
      '/metrics',
      '/transfers',
      '/transfers/events',
      '/transfers/{id}',
    ]);
    expect(Object.keys(document.paths['/files/{key}'] ?? {}).sort()).toEqual(['delete', 'get', 'head', 'put']);
    expect(document.paths['/files/{key}']?.put).toMatchObject({ requestBody: { content: { '*/*': {} } } });
  });

  it('shows the description to people', async () => {
    const docs = await get('/docs');
    expect(docs.status).toBe(200);
    expect(docs.headers['content-type']).toMatch(/^text\/html/);
    for (const [, address] of docs.text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect((await get(`/${address}`)).status).toBe(200);
    }
  });

  it('has a page that is complete and takes nothing from elsewhere', async () => {
    const page = await get('/');
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html; charset=utf-8$/i);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect(page.text).not.toMatch(/<style|<script>|\son\w+=|\sstyle=/);
    const types: Record<string, RegExp> = { css: /^text\/css/, js: /^text\/javascript/, svg: /^image\/svg\+xml/ };
    const seen = new Set<string>();
    const check = async (path: string): Promise<void> => {
      if (seen.has(path)) return;
      seen.add(path);
      const asset = await get(path);
      expect(asset.status).toBe(200);
      expect(asset.headers['content-type']).toMatch(types[path.split('.').at(-1) ?? ''] ?? /never/);
      expect(asset.headers['x-content-type-options']).toBe('nosniff');
      for (const [, imported] of asset.text.matchAll(/from '\.\/([^']+)'/g)) await check(`/page/${imported}`);
    };
    for (const [, address] of page.text.matchAll(/(?:src|href)="(page\/[^"]+)"/g)) await check(`/${address}`);
    expect(seen.size).toBeGreaterThan(5);
  });
});
