import { splitPath } from './wildcard-path.js';

const express = (pattern: string, originalUrl: string): object => ({
  route: { path: pattern },
  originalUrl,
  url: '/rewritten',
  headers: {},
});
const fastify = (pattern: string, url: string): object => ({
  routeOptions: { url: pattern },
  raw: { url, headers: {} },
});

describe.each([
  ['Express', express, '*key'],
  ['Fastify', fastify, '*'],
] as const)('splitPath on %s', (_name, request, wildcard) => {
  it.each([
    ['/files/', '/files/a/b', { base: '/files', rest: 'a/b' }],
    ['/files/', '/files/a%20b/%252e?x=1/2#c', { base: '/files', rest: 'a b/%2e' }],
    ['/files/', '/files/..%2fx', { base: '/files', rest: '../x' }],
    ['/files/', '/files//a', { base: '/files', rest: '/a' }],
    ['/files/', '/files/a/', { base: '/files', rest: 'a/' }],
    ['/files/', 'http://host:1/files/a', { base: '/files', rest: 'a' }],
    ['/v1/tenants/:id/files/', '/v1/tenants/t%201/files/k', { base: '/v1/tenants/t%201/files', rest: 'k' }],
  ])('splits at the wildcard of %s: %s', (prefix, url, parts) => {
    expect(splitPath(request(`${prefix}${wildcard}`, url))).toEqual(parts);
  });

  it('has nothing to split off where the route has no wildcard', () => {
    expect(splitPath(request('/api/files', '/api/files/?prefix=a'))).toEqual({ base: '/api/files', rest: '' });
  });

  it('refuses a malformed escape', () => {
    expect(() => splitPath(request(`/files/${wildcard}`, '/files/%zz'))).toThrow('malformed percent escape');
  });
});
