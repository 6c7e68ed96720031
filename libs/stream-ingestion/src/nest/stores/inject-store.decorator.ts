import { Inject } from '@nestjs/common';

import { getStoreToken } from '../module/tokens.js';

/**
 * Injects the store of that name, or the default store. With `forRootAsync` the module must be told the names of the
 * stores that its factory makes (`storeNames`); `StoreRegistry.get(name)` needs nothing.
 */
export function InjectStore(name?: string): ParameterDecorator & PropertyDecorator {
  return Inject(getStoreToken(name));
}
