/** Path of an object: the controller's own path, the key with each segment escaped, the store where one was asked for. */
export function objectLocation(basePath: string, key: string, store: string | undefined): string {
  const path = `${basePath}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return store === undefined ? path : `${path}?store=${encodeURIComponent(store)}`;
}
